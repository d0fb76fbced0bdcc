import { sql, type Kysely } from 'kysely';
import type { ChangeSample } from '../core/report.ts';
import type { Tables } from '../db/tables.ts';
import { count } from '../load/classify.ts';
import { hasComeBack, isDeletionBy, sourceIdsOf } from './plan.ts';
import type { KeptRow, UnrestorableRow } from './undo-report.ts';
import type { UndoneTable } from './undone-table.ts';

/** Rows that are listed of each kind; the counts are of all. A report of a million ids would help nobody. */
const listedRows = 1_000;

const sampleRows = 10;

/** Records that the run changed and a later one changed again. */
export async function listKept(trx: Kysely<Tables>, table: UndoneTable): Promise<{ count: number; rows: KeptRow[] }> {
  const changedSince = sql`
    SELECT h.entity_id AS id, h.operation FROM lineage_history h
    WHERE h.entity_type = ${table.entity} AND h.source_id = ANY (${sourceIdsOf(table)})
      AND (h.superseded_at > ${table.undoneAt}::timestamptz OR (${isDeletionBy(table)} AND ${hasComeBack(table)}))`;
  const all = await count(trx, sql`(${changedSince}) k`);
  const { rows } = await sql<KeptRow>`
    SELECT k.id, k.operation, (
      SELECT l.run_id FROM data_lineage l WHERE l.entity_type = ${table.entity} AND l.entity_id = k.id
      ORDER BY l.created_at DESC, l.run_id DESC LIMIT 1) AS changed_by
    FROM (${changedSince} ORDER BY 1 LIMIT ${listedRows}) k`.execute(trx);
  return { count: all, rows };
}

export async function listUnrestorable(
  trx: Kysely<Tables>,
  table: UndoneTable,
): Promise<{ count: number; rows: UnrestorableRow[] }> {
  const refused = sql`${sql.id(table.plan)} WHERE _verdict <> 'ok'`;
  const { rows } = await sql<UnrestorableRow>`
    SELECT _id AS id, CASE _undone WHEN 'delete' THEN 'vanish' ELSE _undone END AS operation, _verdict AS reason
    FROM ${refused} ORDER BY _id LIMIT ${listedRows}`.execute(trx);
  return { count: await count(trx, refused), rows };
}

/** The first versions that the undo made, read back from lineage. */
export async function listSamples(trx: Kysely<Tables>, table: UndoneTable): Promise<ChangeSample[]> {
  const { rows } = await sql<ChangeSample>`
    SELECT p._id AS id,
      CASE p._undone WHEN 'insert' THEN 'vanish' WHEN 'update' THEN 'update' WHEN 'vanish' THEN 'restore' WHEN 'delete' THEN 'insert' ELSE 'vanish' END AS operation,
      t._changes AS changes
    FROM ${sql.id(table.plan)} p LEFT JOIN ${sql.id(table.name)} t ON ${sql.raw(table.entityIdSql)} = p._id
    WHERE p._verdict = 'ok' ORDER BY p._id LIMIT ${sampleRows}`.execute(trx);
  return rows;
}
