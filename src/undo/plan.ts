import { sql, type Kysely, type RawBuilder } from 'kysely';
import { renewStatistics } from '../load/statistics.ts';
import { storedHash } from '../load/stored-hash.ts';
import type { Tables } from '../db/tables.ts';
import { valueBefore } from './earlier-values.ts';
import type { UndoneTable } from './undone-table.ts';

/**
 * Makes the list of what the run did and nothing has touched since, with the values from before it. Columns of ours:
 * `_id`, `_undone` (what the run did; `delete` for a record that it took out of the table), `_from_source`, `_from_row`,
 * `_from_hash`, `_vanished_then` (when the version before had vanished) and `_verdict` (`ok`, or why it cannot be undone).
 */
export async function planUndo(trx: Kysely<Tables>, table: UndoneTable): Promise<void> {
  await renewStatistics(trx, { name: table.name, distribution: 'none' });
  // As in load/classify.ts: the lists have no statistics yet, and 4 MB of work_mem are little for a million rows.
  await sql`SELECT set_config('work_mem', '64MB', true)`.execute(trx);
  await sql`
    CREATE TEMP TABLE ${sql.id(table.plan)} ON COMMIT DROP AS
    ${presentVersions(table)} UNION ALL ${deletedRecords(table)}`.execute(trx);
  await sql`ANALYZE ${sql.id(table.plan)}`.execute(trx);
  await sql`ALTER TABLE ${sql.id(table.plan)} ADD COLUMN _verdict text`.execute(trx);
  await sql`UPDATE ${sql.id(table.plan)} p SET _verdict = ${verdict(table)}`.execute(trx);
}

export function entityIdOf(table: UndoneTable): RawBuilder<string> {
  return sql.raw(table.entityIdSql);
}

export function sourceIdsOf(table: UndoneTable): RawBuilder<unknown> {
  return sql`${[...table.sourceIds]}::bigint[]`;
}

/**
 * Versions that the run made and that are the present ones. The version before each is the last one of its entity in the
 * history; the run itself put it there, so that older partitions need not be looked at.
 */
function presentVersions(table: UndoneTable): RawBuilder<unknown> {
  const values = table.columns.map(
    (column) => sql`${valueBefore(sql`t._changes`, column, sql.ref(`t.${column[0]}`))} AS ${sql.id(column[0])}`,
  );
  return sql`
    SELECT ${entityIdOf(table)} AS _id, t._operation AS _undone, p.source_id AS _from_source, p.row_number AS _from_row,
      p.record_hash AS _from_hash, CASE WHEN p.operation = 'vanish' THEN p.at END AS _vanished_then, ${sql.join(values)}
    FROM ${sql.id(table.name)} t LEFT JOIN (
      SELECT DISTINCT ON (h.entity_id) h.entity_id, h.source_id, h.row_number, h.record_hash, h.operation, e.extraction_timestamp AS at
      FROM lineage_history h JOIN extraction_logs e ON e.id = h.source_id AND e.dataset = ${table.name}
      WHERE h.entity_type = ${table.entity} AND h.superseded_at >= ${table.undoneAt}::timestamptz
      ORDER BY h.entity_id, h.superseded_at DESC
    ) p ON p.entity_id = ${entityIdOf(table)} AND t._operation <> 'insert'
    WHERE t._source_id = ANY (${sourceIdsOf(table)})`;
}

/** Records that the run deleted and that have not come back: their last values stand in the entry of the deletion. */
function deletedRecords(table: UndoneTable): RawBuilder<unknown> {
  const values = table.columns.map((column) => valueBefore(sql`h.changes`, column, sql`NULL`));
  return sql`
    SELECT h.entity_id, 'delete', p.source_id, p.row_number, h.record_hash, NULL::timestamptz, ${sql.join(values)}
    FROM lineage_history h
    LEFT JOIN lineage_history p ON p.entity_type = h.entity_type AND p.entity_id = h.entity_id
      AND p.superseded_at = h.superseded_at AND p.source_id <> ALL (${sourceIdsOf(table)})
    WHERE ${isDeletionBy(table)} AND NOT ${hasComeBack(table)}`;
}

/** Entries `h` of the history that are deletions by the run: what only left the live rows was superseded later. */
export function isDeletionBy(table: UndoneTable): RawBuilder<boolean> {
  return sql<boolean>`h.entity_type = ${table.entity} AND h.operation = 'vanish'
    AND h.superseded_at = ${table.undoneAt}::timestamptz AND h.source_id = ANY (${sourceIdsOf(table)})`;
}

/** Whether a deleted record `h` was there again after the run. */
export function hasComeBack(table: UndoneTable): RawBuilder<boolean> {
  return sql<boolean>`(
    EXISTS (SELECT FROM ${sql.id(table.name)} t WHERE ${entityIdOf(table)} = h.entity_id)
    OR EXISTS (
      SELECT FROM lineage_history l JOIN extraction_logs le ON le.id = l.source_id AND le.dataset = ${table.name}
      WHERE l.entity_type = h.entity_type AND l.entity_id = h.entity_id AND l.superseded_at > ${table.undoneAt}::timestamptz))`;
}

/** Values count only when they have the hash that the version before had. */
function verdict(table: UndoneTable): RawBuilder<unknown> {
  const { declared } = table;
  const hashes = [storedHash('p', table.columns)];
  // A column that was taken out of the configuration keeps its values, and is in no hash since.
  const known = declared && table.columns.filter(([name]) => declared.has(name));
  if (known && known.length > 0 && known.length < table.columns.length) hashes.push(storedHash('p', known));
  return sql`CASE
    WHEN _undone IN ('insert', 'vanish') THEN 'ok'
    WHEN _from_hash IS NULL THEN 'history-gone'
    WHEN _from_hash IN (${sql.join(hashes)}) THEN 'ok'
    WHEN _undone = 'delete' THEN 'values-gone'
    ELSE 'values-differ' END`;
}
