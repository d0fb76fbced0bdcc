import { sql, type Kysely } from 'kysely';
import { ProjetusError } from '../core/errors.ts';
import type { Tables } from '../db/tables.ts';
import { exportCsv } from './export-csv.ts';
import type { ExportPages, ExportTable } from './export-format.ts';
import { rejectsInOrder } from './kept-rejects.ts';
import { meets, type RejectFilter } from './reject-filter.ts';
import { writePrivateFile } from './write-private-file.ts';

export type Export = { readonly rejects: number; readonly tables: readonly ExportTable[] };

/**
 * Writes the rejects that meet the filter, cells as they were read, into a file for its owner alone: .csv with one
 * header, in bounded memory, or .xlsx with a sheet per dataset and header. Throws `usage`.
 */
export async function exportRejects(
  db: Kysely<Tables>,
  filter: RejectFilter,
  path: string,
  mayOverwrite: boolean,
): Promise<Export> {
  const kind = kindOf(path);
  const tables = await exportTables(db, filter);
  if (tables.length === 0) {
    throw new ProjetusError('usage', 'No reject meets these options; nothing was written.', {
      hint: 'projetus quarantine list shows what there is',
    });
  }
  if (kind === 'csv' && tables.length > 1) throw severalHeaders(tables);
  const pages: ExportPages = (table) => rowsOf(db, filter, table);
  const chunks = kind === 'csv' ? exportCsv(tables[0]!, pages) : (await import('./export-xlsx.ts')).exportXlsx(tables, pages);
  await writePrivateFile(path, mayOverwrite, chunks);
  return { rejects: tables.reduce((sum, table) => sum + table.rejects, 0), tables };
}

function kindOf(path: string): 'csv' | 'xlsx' {
  const kind = /\.(csv|xlsx)$/i.exec(path)?.[1]?.toLowerCase();
  if (kind === 'csv' || kind === 'xlsx') return kind;
  throw new ProjetusError('usage', `${path}: an export is a .csv or an .xlsx.`, { hint: 'give the file one of these endings' });
}

async function exportTables(db: Kysely<Tables>, filter: RejectFilter): Promise<readonly ExportTable[]> {
  const { rows } = await sql<ExportTable>`
    SELECT s.dataset, coalesce(e.header, '[]') AS header, sum(s.rejects)::int AS rejects,
      greatest(max(s.width), max(jsonb_array_length(coalesce(e.header, '[]')))) AS width, max(s.last_id)::text AS "lastId",
      array_agg(s.source_id::text) AS "sourceIds"
    FROM (
      SELECT q.dataset, q.source_id, count(*) AS rejects, max(jsonb_array_length(q.raw)) AS width, max(q.id) AS last_id
      FROM quarantine q WHERE ${meets(filter)} GROUP BY q.dataset, q.source_id
    ) s LEFT JOIN extraction_logs e ON e.id = s.source_id
    GROUP BY 1, 2 ORDER BY 1, max(s.last_id)`.execute(db);
  return rows;
}

function rowsOf(db: Kysely<Tables>, filter: RejectFilter, { dataset, sourceIds, lastId }: ExportTable) {
  return rejectsInOrder(
    db,
    sql`${meets(filter)} AND q.dataset = ${dataset} AND q.source_id = ANY (${[...sourceIds]}::bigint[]) AND q.id <= ${lastId}::bigint`,
  );
}

function severalHeaders(tables: readonly ExportTable[]): ProjetusError {
  const what = tables.map(({ dataset, header, rejects }) => `${rejects} of ${dataset} (${header.length} columns)`);
  return new ProjetusError('usage', `The rejects have ${tables.length} different headers: ${what.join(', ')}.`, {
    hint: 'choose one with --dataset or --run, or export to an .xlsx, which gets a sheet for each',
  });
}
