import { day, money } from './brazilian-text.ts';
import { bodies, natures, proponents } from './invented-world.ts';
import type { Random } from './random.ts';
import { tableOf, type SampleTable } from './sample-table.ts';

// prettier-ignore
const header = [
  'ID_PROPOSTA', 'UF_PROPONENTE', 'MUNIC_PROPONENTE', 'COD_MUNIC_IBGE', 'COD_ORGAO_SUP', 'DESC_ORGAO_SUP',
  'NATUREZA_JURIDICA', 'NR_PROPOSTA', 'DIA_PROP', 'MES_PROP', 'ANO_PROP', 'DIA_PROPOSTA', 'COD_ORGAO', 'DESC_ORGAO',
  'MODALIDADE', 'IDENTIF_PROPONENTE', 'NM_PROPONENTE', 'CEP_PROPONENTE', 'ENDERECO_PROPONENTE', 'BAIRRO_PROPONENTE',
  'NM_BANCO', 'SITUACAO_CONTA', 'SITUACAO_PROJETO_BASICO', 'SIT_PROPOSTA', 'DIA_INIC_VIGENCIA_PROPOSTA',
  'DIA_FIM_VIGENCIA_PROPOSTA', 'OBJETO_PROPOSTA', 'ITEM_INVESTIMENTO', 'ENVIADA_MANDATARIA', 'NOME_SUBTIPO_PROPOSTA',
  'DESCRICAO_SUBTIPO_PROPOSTA', 'VL_GLOBAL_PROP', 'VL_REPASSE_PROP', 'VL_CONTRAPARTIDA_PROP', 'CD_AGENCIA', 'CD_CONTA',
] as const;

type Cells = Partial<Record<(typeof header)[number], string>>;

const situations = [
  'Proposta/Plano de Trabalho Cadastrados',
  'Proposta/Plano de Trabalho em Análise',
  'Proposta/Plano de Trabalho Aprovados',
  'Proposta/Plano de Trabalho Rejeitados',
  'Proposta Aprovada e Plano de Trabalho em Análise',
  'Proposta/Plano de Trabalho Cancelados',
] as const;

const works = [
  'Construção',
  'Reforma e ampliação',
  'Aquisição de equipamentos',
  'Pavimentação',
  'Realização da 3ª edição',
  'Implantação',
];
const things = [
  'de unidade básica de saúde',
  'de quadra poliesportiva',
  'do centro de convivência do idoso',
  'da feira do produtor',
  'de creche',
];

/** Proposals with ids from `firstId`. */
export function proposals(random: Random, firstId: number, count: number): SampleTable {
  return tableOf(
    header,
    Array.from({ length: count }, (_, index) => ({ ...proposal(random, firstId + index), ...odditiesByPosition[index] })),
  );
}

function proposal(random: Random, id: number): Cells {
  const proponent = random.pick(proponents);
  const [parentCode, parent, code, body] = random.pick(bodies);
  const year = random.pick([2024, 2025, 2025, 2026]);
  // None is later than the day of the sample.
  const [dayOfMonth, month] = [random.integer(1, 28), random.integer(1, year === 2026 ? 10 : 12)];
  const hasAccount = random.chance(25);
  return {
    ID_PROPOSTA: String(id),
    UF_PROPONENTE: proponent.uf,
    MUNIC_PROPONENTE: proponent.town,
    COD_MUNIC_IBGE: proponent.ibge,
    COD_ORGAO_SUP: parentCode,
    DESC_ORGAO_SUP: parent,
    NATUREZA_JURIDICA: proponent.nature,
    // Never padded, and it repeats: 300 numbers for the proposals of a year.
    NR_PROPOSTA: `${random.integer(1, 300)}/${year}`,
    DIA_PROP: String(dayOfMonth),
    MES_PROP: String(month),
    ANO_PROP: String(year),
    DIA_PROPOSTA: day(dayOfMonth, month, year),
    COD_ORGAO: code,
    DESC_ORGAO: body,
    MODALIDADE: proponent.nature === natures.civil ? 'TERMO DE FOMENTO' : random.pick(['CONVENIO', 'CONTRATO DE REPASSE']),
    IDENTIF_PROPONENTE: proponent.cnpj,
    NM_PROPONENTE: proponent.name,
    CEP_PROPONENTE: proponent.cep,
    ENDERECO_PROPONENTE: proponent.address,
    BAIRRO_PROPONENTE: proponent.district,
    NM_BANCO: random.chance(50) ? 'CAIXA ECONOMICA FEDERAL' : 'BANCO DO BRASIL SA',
    SITUACAO_CONTA: hasAccount ? 'Regularizada' : 'Aguardando Retorno do Banco',
    SITUACAO_PROJETO_BASICO: random.chance(86) ? 'Não Cadastrado' : '',
    SIT_PROPOSTA: random.pick(situations),
    DIA_INIC_VIGENCIA_PROPOSTA: day(1, month, year + 1),
    DIA_FIM_VIGENCIA_PROPOSTA: day(28, month, year + 3),
    OBJETO_PROPOSTA: `${random.pick(works)} ${random.pick(things)} no município de ${proponent.town} - ${proponent.uf}.`,
    ITEM_INVESTIMENTO: random.chance(38) ? 'OBRAS E SERVIÇOS' : '',
    ENVIADA_MANDATARIA: random.pick(['SIM', 'NÃO', 'NÃO APLICÁVEL']),
    ...amounts(random.integer(50_000_00, 3_000_000_00), random.chance(50) ? 0 : random.integer(1_00, 90_000_00)),
    CD_AGENCIA: random.chance(29) ? `0${random.digits(3)}` : `${random.integer(1, 9)}${random.digits(3)}`,
    CD_CONTA: hasAccount ? `00${random.digits(6)}${random.pick(['X', '1', '7'])}` : '',
  };
}

function amounts(transferCents: number, counterpartCents: number): Cells {
  return {
    VL_GLOBAL_PROP: money(transferCents + counterpartCents),
    VL_REPASSE_PROP: money(transferCents),
    VL_CONTRAPARTIDA_PROP: money(counterpartCents),
  };
}

/** What the real files surprise with, each where it can be found again. The last two rows cannot be read: `unreadablePositions`. */
const odditiesByPosition: Readonly<Record<number, Cells>> = {
  3: { OBJETO_PROPOSTA: 'Aquisição de:\n1) ambulância tipo "A";\n2) gabinete odontológico;\r\n3) mobiliário.' },
  7: { OBJETO_PROPOSTA: '"Festa do Pequi" - 12ª edição; palco, som e iluminação' },
  11: { DIA_INIC_VIGENCIA_PROPOSTA: '20/06/0011' },
  12: { DIA_FIM_VIGENCIA_PROPOSTA: '30/05/3012' },
  17: { OBJETO_PROPOSTA: '-' },
  19: { OBJETO_PROPOSTA: longText() },
  23: { VL_GLOBAL_PROP: '921235,05', VL_REPASSE_PROP: '1000000', VL_CONTRAPARTIDA_PROP: '-78764,95' },
  29: { VL_REPASSE_PROP: '\u200B955000,5', VL_GLOBAL_PROP: '955000,5', VL_CONTRAPARTIDA_PROP: '0' },
  31: { OBJETO_PROPOSTA: 'Castração\u200B de cães e gatos\u00A0em situação de rua\tno município' },
  37: { CD_AGENCIA: '-', NM_BANCO: 'NÃO INFORMADO' },
  41: { OBJETO_PROPOSTA: 'Recupera??o da pra?a central' },
  43: { NOME_SUBTIPO_PROPOSTA: 'PAC', DESCRICAO_SUBTIPO_PROPOSTA: 'Novo PAC; art. 3º, "caput"' },
  47: { VL_GLOBAL_PROP: '12800000000,55', VL_REPASSE_PROP: '12800000000,55', VL_CONTRAPARTIDA_PROP: '0' },
  53: { VL_GLOBAL_PROP: '300000,3', VL_REPASSE_PROP: '300000', VL_CONTRAPARTIDA_PROP: '0,3000000000001' },
  59: { SIT_PROPOSTA: '', DIA_INIC_VIGENCIA_PROPOSTA: '', DIA_FIM_VIGENCIA_PROPOSTA: '' },
  101: { VL_GLOBAL_PROP: 'A DEFINIR' },
  151: { DIA_PROPOSTA: '31/02/2026' },
};

/** Positions of the rows that are refused. Nothing refers to them, so that they make no orphans. */
export const unreadableProposalPositions: readonly number[] = [101, 151];

function longText(): string {
  const clause = 'Execução de ações de qualificação profissional, com oficinas, material didático e acompanhamento; ';
  return clause.repeat(40).slice(0, 2999) + '.';
}
