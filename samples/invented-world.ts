import { cnpj } from './brazilian-text.ts';
import { seededRandom } from './random.ts';

/** Whoever proposes. No town, body or person here exists; the CNPJs are made up and have the right check digits. */
export type Proponent = {
  readonly cnpj: string;
  readonly name: string;
  readonly nature: string;
  readonly uf: string;
  readonly town: string;
  readonly ibge: string;
  readonly cep: string;
  readonly address: string;
  readonly district: string;
};

export const natures = {
  municipal: 'Administração Pública Municipal',
  civil: 'Organização da Sociedade Civil',
  state: 'Administração Pública Estadual ou do Distrito Federal',
  consortium: 'Consórcio Público',
} as const;

/** [code, name] of the body above, [code, name] of the body. */
export const bodies = [
  ['36000', 'MINISTERIO DA SAUDE', '36211', 'FUNDACAO NACIONAL DE SAUDE'],
  ['26000', 'MINISTERIO DA EDUCACAO', '26298', 'FUNDO NACIONAL DE DESENVOLVIMENTO DA EDUCACAO'],
  ['51000', 'MINISTERIO DO ESPORTE', '51000', 'MINISTERIO DO ESPORTE'],
  ['22000', 'MINISTERIO DA AGRICULTURA E PECUARIA', '22000', 'MINISTERIO DA AGRICULTURA E PECUARIA'],
  ['54000', 'MINISTERIO DO TURISMO', '54000', 'MINISTERIO DO TURISMO'],
  ['42000', 'MINISTERIO DA CULTURA', '42000', 'MINISTERIO DA CULTURA'],
] as const;

/** Authors of amendments, people and groups alike, as the files mix them. */
export const authors = [
  ['Dalvina Araripe Fontoura', 'INDIVIDUAL'],
  ['Osmundo Telles Caiçara', 'INDIVIDUAL'],
  ['Ivonilde Sá Barreiros', 'INDIVIDUAL'],
  ['Teobaldo Quintiliano Reis', 'INDIVIDUAL'],
  ['Marlúcia d’Ávila Penaforte', 'INDIVIDUAL'],
  ['Bancada do Planalto das Emas', 'BANCADA'],
  ['Com. Assuntos Exemplares', 'COMISSAO'],
  ['Relator Geral', 'RELATOR GERAL'],
] as const;

const towns = [
  ['AC', '12', 'Águas Mansas do Acre'],
  ['AM', '13', 'São Benedito do Igarapé'],
  ['BA', '29', 'Ribeirão da Ema'],
  ['CE', '23', 'Serra Clara do Norte'],
  ['ES', '32', 'Conceição das Pitangas'],
  ['GO', '52', 'Nova Aroeira'],
  ['MA', '21', 'Lagoa do Jatobá'],
  ['MG', '31', 'Pau-d’Arco Velho'],
  ['PB', '25', 'Cacimba Funda'],
  ['PE', '26', "Olho d'Água das Flores Novas"],
  ['PR', '41', 'Três Araucárias'],
  ['RS', '43', 'Santo Ângelo da Coxilha'],
  ['SC', '42', 'Praia do Açoriano'],
  ['SP', '35', 'Estação Jequitibá'],
  ['TO', '17', 'Porto Buriti'],
] as const;

const streets = ['RUA DAS ACÁCIAS', 'AVENIDA SETE DE ABRIL', 'PRAÇA DA MATRIZ', 'RUA PROFESSORA EULÁLIA', 'TRAVESSA DO MERCADO'];
const districts = ['CENTRO', 'VILA NOVA', 'SÃO JOSÉ', 'JARDIM DAS ROSAS'];
const societies = ['ASSOCIAÇÃO DE AMIGOS DE', 'INSTITUTO CULTURAL DE', 'SANTA CASA DE', 'COOPERATIVA DE CATADORES DE'];

/** Two proponents per town: its administration, and a body of civil society (a consortium or the state here and there). */
export const proponents: readonly Proponent[] = inventProponents();

function inventProponents(): Proponent[] {
  const random = seededRandom(20261120);
  return towns.flatMap(([uf, code, town], index) => {
    const shared = { uf, town: town.toUpperCase(), ibge: code + random.digits(5) };
    const nature = index % 5 === 4 ? (index % 2 === 0 ? natures.consortium : natures.state) : natures.civil;
    const invent = (name: string, kind: string): Proponent => ({
      ...shared,
      name,
      nature: kind,
      // 39 % of the real ones begin with 0: what makes a spreadsheet lose a digit. Branch 9876 is nobody's.
      cnpj: cnpj(`${random.chance(40) ? '0' : '9'}${random.digits(7)}9876`),
      cep: (uf === 'SP' ? '0' : String(random.integer(1, 9))) + random.digits(4) + '000',
      address: `${random.pick(streets)}, ${random.integer(1, 1900)} - SALA ${random.integer(1, 30)}, PREDIO DA SEDE`,
      district: random.pick(districts),
    });
    return [invent(`MUNICIPIO DE ${shared.town}`, natures.municipal), invent(`${random.pick(societies)} ${shared.town}`, nature)];
  });
}
