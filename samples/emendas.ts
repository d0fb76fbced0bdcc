import { money } from './brazilian-text.ts';
import { authors } from './invented-world.ts';
import type { Programme } from './programas.ts';
import type { Random } from './random.ts';
import { tableOf, type SampleTable } from './sample-table.ts';

// prettier-ignore
const header = [
  'ID_PROPOSTA', 'QUALIF_PROPONENTE', 'COD_PROGRAMA_EMENDA', 'NR_EMENDA', 'NOME_PARLAMENTAR', 'BENEFICIARIO_EMENDA',
  'IND_IMPOSITIVO', 'TIPO_PARLAMENTAR', 'VALOR_REPASSE_PROPOSTA_EMENDA', 'VALOR_REPASSE_EMENDA',
] as const;

type Cells = Partial<Record<(typeof header)[number], string>>;

/** An amendment's number begins with its author's four digits. */
export function amendmentNumber(authorPosition: number, sequence: number): string {
  return `${3101 + authorPosition * 7}${String(sequence).padStart(4, '0')}`;
}

/** Amendments, two in five of them without a proposal yet. `proposals` are pairs of ID_PROPOSTA and CNPJ. */
export function amendments(
  random: Random,
  proposals: readonly (readonly [string, string])[],
  programmes: readonly Programme[],
  count: number,
): SampleTable {
  const records = Array.from({ length: count }, (_, index): Cells => {
    const position = index % authors.length;
    const [author, kind] = authors[position]!;
    const [proposal, cnpj] = random.pick(proposals);
    const value = money(random.integer(50_000_00, 900_000_00));
    return {
      ID_PROPOSTA: random.chance(40) ? '' : proposal,
      QUALIF_PROPONENTE: 'BENEFICIARIO ESPECIFICO',
      COD_PROGRAMA_EMENDA: random.pick(programmes).code,
      NR_EMENDA: amendmentNumber(position, random.integer(1, 25)),
      NOME_PARLAMENTAR: author,
      BENEFICIARIO_EMENDA: cnpj,
      IND_IMPOSITIVO: random.pick(['SIM', 'NÃO', 'NÃO', '']),
      TIPO_PARLAMENTAR: kind,
      VALOR_REPASSE_PROPOSTA_EMENDA: value,
      VALOR_REPASSE_EMENDA: random.chance(38) ? '' : value,
      ...oddities[index],
    };
  });
  // Two rows that are equal to the letter are two amendments here: there is no key to tell.
  return tableOf(header, [...records, records[20]!]);
}

const oddities: Readonly<Record<number, Cells>> = {
  5: { NR_EMENDA: '' },
  9: { NR_EMENDA: '0903' },
  14: { BENEFICIARIO_EMENDA: '5465167000141' },
  25: { NOME_PARLAMENTAR: 'Com. Assuntos "Exemplares"; Turismo', TIPO_PARLAMENTAR: '' },
  // The one row that is refused: no number has two commas.
  33: { VALOR_REPASSE_EMENDA: '12,34,56' },
};
