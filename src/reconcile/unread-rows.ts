import { sql, type RawBuilder } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import { quote } from '../db/quote.ts';
import { storedHash, storedKey } from '../load/stored-hash.ts';
import type { TableState } from '../load/table-catalog.ts';
import { addOutcomes, type Outcomes } from './outcomes.ts';

/** Rows of the table that the compared files do not hold: they have to vouch for themselves. */
export type UnreadRows = {
  readonly state: TableState;
  /** How rows become records today. */
  readonly readingHash: string;
  /** False when no file could be read: then all rows of the table are meant. */
  readonly hasStaging: boolean;
};

/**
 * Finds rows whose values do not have the hash or the key that was stored with them. Returns how many more there are that were
 * written under another configuration, which may be why: a type or a column may have changed.
 */
export async function findAltered(outcomes: Outcomes, rows: UnreadRows): Promise<number> {
  const { trx, dataset } = outcomes;
  const broken = sql`
    SELECT ${keyOf(rows.state)} AS key, ${isCertain(outcomes, rows)} AS certain
    FROM ${sql.id(dataset.name)} t ${wasNotCompared(outcomes, rows)}
      AND (t._hash NOT IN (${sql.join(hashes(dataset, rows.state))}) ${hasOtherKey(dataset, rows.state)})`;
  await addOutcomes(outcomes, 'altered', sql`SELECT key FROM (${broken}) b WHERE certain`);
  const { rows: counted } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM (${broken}) b WHERE NOT certain`.execute(trx);
  return counted[0]!.n;
}

/** Finds rows that name no file of their dataset: nobody can say where they come from. */
export async function findUnsourced(outcomes: Outcomes, { state }: UnreadRows): Promise<void> {
  const { dataset, table } = outcomes;
  await addOutcomes(
    outcomes,
    'unsourced',
    sql`SELECT ${keyOf(state)} FROM ${sql.id(dataset.name)} t
        WHERE t._source_id NOT IN (SELECT id FROM extraction_logs WHERE dataset = ${dataset.name})
          AND NOT EXISTS (
            SELECT FROM ${sql.id(table)} o
            WHERE o.key = ${keyOf(state)} AND o.reason IS NULL AND t._vanished_at IS NULL)`,
  );
}

function keyOf(state: TableState): RawBuilder<unknown> {
  return sql`${sql.raw(`t.${quote(state.primaryKey[0]!)}`)}::text`;
}

/** Vanished rows are in no file; of the live ones those are left out that were compared. */
function wasNotCompared({ table }: Outcomes, { state, hasStaging }: UnreadRows): RawBuilder<unknown> {
  if (!hasStaging) return sql`WHERE true`;
  return sql`WHERE (t._vanished_at IS NOT NULL
    OR EXISTS (SELECT FROM ${sql.id(table)} o WHERE o.key = ${keyOf(state)} AND o.reason IS NOT NULL))`;
}

/** `_key` is made from the record, and is in no hash. */
function hasOtherKey(dataset: Dataset, { columns }: TableState): RawBuilder<unknown> {
  if (!columns.has('_key')) return sql``;
  if (dataset.key === 'content') return sql`OR split_part(t._key, '|', 1) <> encode(t._hash, 'hex')`;
  if (!dataset.key.every((name) => columns.has(name))) return sql``;
  const parts = dataset.key.map((name) => [name, columns.get(name)!] as const);
  return sql`OR t._key <> ${storedKey('t', parts)}`;
}

/**
 * The hash of all columns, and that of the declared ones: a column that was taken out of the configuration keeps its
 * values, and is in no hash since.
 */
function hashes(dataset: Dataset, { columns }: TableState): RawBuilder<unknown>[] {
  const all = [...columns].filter(([name]) => !name.startsWith('_'));
  const declared = all.filter(([name]) => dataset.columns.some((column) => column.name === name));
  return (declared.length === all.length || dataset.unknownColumns === 'text' ? [all] : [all, declared]).map((some) =>
    storedHash('t', some),
  );
}

/**
 * Whether a row's version was written under today's configuration, as far as its file tells: it was never read in another
 * way. A vanished row's values are older than its file, and a corrected file was read by a retry alone: there the dataset
 * must never have been read in another way.
 */
function isCertain({ dataset }: Outcomes, { readingHash }: UnreadRows): RawBuilder<boolean> {
  const readings = sql`
    FROM extraction_logs e JOIN reconciliations c ON c.run_id = e.run_id AND c.dataset = e.dataset AND c.kind = 'rows'
    WHERE e.dataset = ${dataset.name} AND c.details ? 'reading_hash'`;
  const others = sql`SELECT e.checksum ${readings} AND c.details ->> 'reading_hash' <> ${readingHash}`;
  return sql<boolean>`CASE WHEN t._vanished_at IS NOT NULL THEN NOT EXISTS (${others}) ELSE t._source_id IN (
    SELECT id FROM extraction_logs WHERE dataset = ${dataset.name} AND checksum NOT IN (${others})
      AND (checksum IN (SELECT e.checksum ${readings}) OR (status = 'retried' AND NOT EXISTS (${others})))) END`;
}
