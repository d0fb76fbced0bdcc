import { amendmentNumber } from './emendas.ts';
import { authors, natures, proponents } from './invented-world.ts';
import type { Programme } from './programas.ts';
import type { Random } from './random.ts';
import { tableOf, type SampleTable } from './sample-table.ts';

const header = [
  'ID_CNPJ_PROGRAMA_EMENDA_APOIADORES_EMENDAS',
  'NUMERO_EMENDA_APOIADORES_EMENDAS',
  'NOME_PARLAMENTAR_APOIADORES_EMENDAS',
  'INDICACAO_APOIADORES_EMENDAS',
  'PARLAMENTAR_SOLICITANTE_APOIADORES_EMENDAS',
  'CPF_PF_SOLICITANTE_APOIADORES_EMENDAS',
  'NOME_PF_SOLICITANTE_APOIADORES_EMENDAS',
  'CNPJ_PJ_SOLICITANTE_APOIADORES_EMENDAS',
  'NOME_PJ_SOLICITANTE_APOIADORES_EMENDAS',
  'CNPJ_PROPONENTE_APOIADORES_EMENDAS',
  'NOME_PROPONENTE_APOIADORES_EMENDAS',
  'VALOR_REPASSE_PROPOSTA_APOIADORES_EMENDAS',
  'ID_PROGRAMA',
] as const;

/** Column of the amounts: numbers in the workbook, with a point here. */
export const amountColumn = 'VALOR_REPASSE_PROPOSTA_APOIADORES_EMENDAS';

/** Who asked for which amendment. The first column counts rows, and is far from the ids of proposals. */
export function supporters(random: Random, programmes: readonly Programme[], count: number): SampleTable {
  return tableOf(
    header,
    Array.from({ length: count }, (_, index) => {
      const position = index % authors.length;
      const [author, kind] = authors[position]!;
      const proponent = random.pick(proponents);
      const isGroup = kind !== 'INDIVIDUAL';
      const isBody = isGroup && proponent.nature === natures.civil;
      return {
        ID_CNPJ_PROGRAMA_EMENDA_APOIADORES_EMENDAS: String(601 + index * 3),
        NUMERO_EMENDA_APOIADORES_EMENDAS: amendmentNumber(position, random.integer(1, 25)),
        NOME_PARLAMENTAR_APOIADORES_EMENDAS: author,
        INDICACAO_APOIADORES_EMENDAS: kind === 'RELATOR GERAL' ? 'COMISSAO' : kind,
        PARLAMENTAR_SOLICITANTE_APOIADORES_EMENDAS: isGroup && random.chance(43) ? authors[random.integer(0, 4)]![0] : '',
        CPF_PF_SOLICITANTE_APOIADORES_EMENDAS: index === 6 ? '***123456**' : '',
        NOME_PF_SOLICITANTE_APOIADORES_EMENDAS: index === 6 ? 'Pessoa Inventada' : '',
        CNPJ_PJ_SOLICITANTE_APOIADORES_EMENDAS: isBody ? proponent.cnpj : '',
        NOME_PJ_SOLICITANTE_APOIADORES_EMENDAS: isBody ? proponent.name : '',
        CNPJ_PROPONENTE_APOIADORES_EMENDAS: proponent.cnpj,
        NOME_PROPONENTE_APOIADORES_EMENDAS: proponent.name,
        [amountColumn]: (random.integer(50_000_00, 900_000_00) / 100).toFixed(2),
        ID_PROGRAMA: random.pick(programmes).id,
      };
    }),
  );
}
