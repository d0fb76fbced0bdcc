import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { count } from './classify.ts';
import type { Load } from './load.ts';

export type Repeats = {
  /** Rows given up for another with the same key. */
  readonly duplicate: number;
  /** Rows of keys that came with different contents, by file: they are rejects. */
  readonly conflicts: RemovedRows;
};

/** Rows taken out of staging: by the id of their file, row number to key. */
export type RemovedRows = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** Leaves one staged record per key. Identical rows are one record; what different rows mean is the dataset's to say. */
export async function settleRepeats(trx: Kysely<Tables>, load: Load): Promise<Repeats> {
  const repeated = await findRepeated(trx, load);
  if (repeated === 0) return { duplicate: 0, conflicts: new Map() };
  await forgetLines(trx, load);
  if (load.key.derived === 'content' && !load.dataset.distinct) {
    await numberOccurrences(trx, load);
    return { duplicate: 0, conflicts: new Map() };
  }
  const conflicts = load.dataset.duplicates === 'reject' ? await removeConflicts(trx, load) : new Map();
  return { duplicate: await removeLosers(trx, load), conflicts };
}

/** The keys that came more than once, and whether with one content. In steps, since the first finds nothing on most days. */
async function findRepeated(trx: Kysely<Tables>, load: Load): Promise<number> {
  const key = sql.id(load.key.column);
  const staged = sql.id(load.staging.records);
  if ((await countSurplus(trx, load)) === 0) return 0;
  await sql`DROP TABLE IF EXISTS pg_temp._repeated`.execute(trx);
  await sql`
    CREATE TEMP TABLE _repeated ON COMMIT DROP AS
    SELECT ${key} AS key, false AS differs FROM ${staged} GROUP BY ${key} HAVING count(*) > 1`.execute(trx);
  const repeated = await count(trx, sql`_repeated`);
  if (repeated === 0) return 0;
  await sql`ANALYZE _repeated`.execute(trx);
  await sql`
    UPDATE _repeated k SET differs = true
    WHERE k.key IN (
      SELECT s.${key} FROM ${staged} s JOIN _repeated r ON r.key = s.${key} GROUP BY s.${key} HAVING count(DISTINCT s._hash) > 1
    )`.execute(trx);
  return repeated;
}

/**
 * How many more rows than keys are staged. Sorted (0.3 s a million), since GROUP BY makes a hash of all keys (1.5 s);
 * texts by their bytes, since a language's order costs twice as much.
 */
async function countSurplus(trx: Kysely<Tables>, load: Load): Promise<number> {
  const order = load.key.sqlType === 'text' ? sql`COLLATE "C"` : sql``;
  const { rows } = await sql<{ n: number }>`
    SELECT (count(*) - count(DISTINCT ${sql.id(load.key.column)} ${order}))::int AS n FROM ${sql.id(load.staging.records)}`.execute(
    trx,
  );
  return rows[0]!.n;
}

/** Which of several rows with one key a line or a hash stands for cannot be told: tomorrow they are staged again. */
async function forgetLines(trx: Kysely<Tables>, load: Load): Promise<void> {
  await sql`
    UPDATE ${sql.id(load.staging.records)} s SET _raw = '' FROM _repeated k WHERE k.key = ${sql.ref(`s.${load.key.column}`)}`.execute(
    trx,
  );
}

/** Files without a key: the second of two identical rows is another record, `hash|2`. */
async function numberOccurrences(trx: Kysely<Tables>, load: Load): Promise<void> {
  const staged = sql.id(load.staging.records);
  await sql`
    UPDATE ${staged} s SET _key = encode(s._hash, 'hex') || '|' || o.occurrence
    FROM (
      SELECT r.ctid AS id, row_number() OVER (PARTITION BY r._key ORDER BY r._source_id, r._row) AS occurrence
      FROM ${staged} r JOIN _repeated k ON k.key = r._key
    ) o
    WHERE s.ctid = o.id AND o.occurrence > 1`.execute(trx);
}

function removeConflicts(trx: Kysely<Tables>, load: Load): Promise<RemovedRows> {
  const key = sql.ref(`s.${load.key.column}`);
  return removedRows(
    trx,
    sql`
      DELETE FROM ${sql.id(load.staging.records)} s USING _repeated k WHERE k.key = ${key} AND k.differs
      RETURNING s._source_id::text AS source_id, s._row AS row_number, ${key}::text AS key`,
  );
}

async function removeLosers(trx: Kysely<Tables>, load: Load): Promise<number> {
  const staged = sql.id(load.staging.records);
  const key = sql.id(load.key.column);
  const order = sql.raw(load.dataset.duplicates === 'last' ? 'DESC' : 'ASC');
  const { numAffectedRows } = await sql`
    DELETE FROM ${staged} s
    USING (
      SELECT r.ctid AS id, row_number() OVER (PARTITION BY r.${key} ORDER BY r._source_id ${order}, r._row ${order}) AS place
      FROM ${staged} r JOIN _repeated k ON k.key = r.${key}
    ) o
    WHERE s.ctid = o.id AND o.place > 1`.execute(trx);
  return Number(numAffectedRows ?? 0n);
}

/** Runs a DELETE that returns source_id, row_number and key. */
export async function removedRows(trx: Kysely<Tables>, statement: RawBuilder<unknown>): Promise<RemovedRows> {
  const { rows } = await (statement as RawBuilder<{ source_id: string; row_number: number; key: string }>).execute(trx);
  const sources = new Map<string, Map<number, string>>();
  for (const row of rows) {
    const numbers = sources.get(row.source_id) ?? new Map<number, string>();
    sources.set(row.source_id, numbers.set(row.row_number, row.key));
  }
  return sources;
}
