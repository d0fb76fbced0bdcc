import { amountColumn, supporters } from './apoiadores.ts';
import { agreements } from './convenios.ts';
import { csvBytes } from './csv-bytes.ts';
import { amendments } from './emendas.ts';
import { inventProgrammes, programmeRules } from './programas.ts';
import { proposals, unreadableProposalPositions } from './propostas.ts';
import { seededRandom } from './random.ts';
import { append, withCells, withRows, type SampleTable } from './sample-table.ts';
import { workbookBytes } from './workbook-bytes.ts';
import { zipBytes } from './zip-bytes.ts';

/** The six files of a day, as tables. */
export type SampleDay = Readonly<Record<(typeof tableNames)[number], SampleTable>>;

export const tableNames = ['propostas', 'programas', 'programaProposta', 'emendas', 'apoiadores', 'convenios'] as const;

const firstProposalId = 2_000_001;
const proposalCount = 260;
/** In the link file, but no proposal: the real file has three such. */
export const orphanProposalId = '1427146';

/** The day that the project ships: 20 November 2026. */
export function firstDay(): SampleDay {
  const random = seededRandom(20);
  const proposed = proposals(random, firstProposalId, proposalCount);
  const readable = proposed.rows.filter((_, position) => !unreadableProposalPositions.includes(position));
  const ids = readable.map((row) => row[0]!);
  const programmes = inventProgrammes(50_001, 18);
  const cnpj = proposed.header.indexOf('IDENTIF_PROPONENTE');
  const links = ids.flatMap((id, index) => {
    // Every eighth proposal answers two programmes.
    const wanted = index % 8 === 0 ? [index, index + 5] : [index];
    return wanted.map((position) => [programmes[position % programmes.length]!.id, id]);
  });
  return {
    // The 41st row once more, to the letter.
    propostas: { header: proposed.header, rows: [...proposed.rows, proposed.rows[40]!] },
    programas: programmeRules(random, programmes),
    programaProposta: { header: ['ID_PROGRAMA', 'ID_PROPOSTA'], rows: [...links, [programmes[0]!.id, orphanProposalId]] },
    emendas: amendments(
      random,
      readable.map((row) => [row[0]!, row[cnpj]!]),
      programmes,
      180,
    ),
    apoiadores: supporters(random, programmes, 120),
    convenios: agreements(
      random,
      ids.filter((_, index) => index % 2 === 0),
    ),
  };
}

/** What `secondDay` changes in `propostas`, by ID_PROPOSTA. */
export const secondDayChanges = {
  updated: ['2000002', '2000003', '2000005'],
  vanished: ['2000010', '2000014'],
  inserted: ['2000261', '2000262', '2000263', '2000264'],
} as const;

/** The day after: proposals that moved on, two that went with all that refers to them, and four that came. Not shipped; for tests. */
export function secondDay(): SampleDay {
  const day = firstDay();
  const { updated, vanished, inserted } = secondDayChanges;
  const isGone = (cell: (name: string) => string): boolean => vanished.some((id) => id === cell('ID_PROPOSTA'));
  const stays = (table: SampleTable): SampleTable => withRows(table, (cell) => !isGone(cell));
  const moved = withCells(stays(day.propostas), (cell) => updated.some((id) => id === cell('ID_PROPOSTA')), {
    SIT_PROPOSTA: 'Proposta/Plano de Trabalho Aprovados (Dia Seguinte)',
  });
  const links = inserted.map((id) => ['50001', id]);
  return {
    propostas: append(moved, proposals(seededRandom(21), Number(inserted[0]), inserted.length)),
    programas: day.programas,
    programaProposta: append(stays(day.programaProposta), { header: day.programaProposta.header, rows: links }),
    emendas: stays(day.emendas),
    apoiadores: day.apoiadores,
    convenios: withCells(stays(day.convenios), (cell) => updated.some((id) => id === cell('ID_PROPOSTA')), {
      VL_SALDO_CONTA: '1234.5',
    }),
  };
}

/** The files of a day, by name: one of them zipped, one a workbook. */
export function filesOf(day: SampleDay): ReadonlyMap<string, Buffer> {
  return new Map([
    ['siconv_proposta.csv', csvBytes(day.propostas)],
    ['siconv_programa.csv', csvBytes(day.programas)],
    ['siconv_programa_proposta.csv', csvBytes(day.programaProposta)],
    ['siconv_emenda.zip', zipBytes('siconv_emenda.csv', csvBytes(day.emendas))],
    ['siconv_apoiadores_emendas_programas.xlsx', workbookBytes('apoiadores', day.apoiadores, [amountColumn])],
    ['siconv_convenio.csv', csvBytes(day.convenios)],
  ]);
}
