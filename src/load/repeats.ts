import { sql, type Kysely, type RawBuilder } from 'kysely';
import { affected } from '../db/affected.ts';
import type { Tables } from '../db/tables.ts';
import { count } from './classify.ts';
import type { Load } from './load.ts';
import { analyze } from './statistics.ts';
import { createWorkTable } from './work-tables.ts';

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
  const repeated = sql.id(load.repeated);
  if ((await countSurplus(trx, load)) === 0) return 0;
  await createWorkTable(trx, load.dataset, load.repeated, `key ${load.key.sqlType}, differs boolean`, 'key');
  await sql`INSERT INTO ${repeated} SELECT ${key}, false FROM ${staged} GROUP BY ${key} HAVING count(*) > 1`.execute(trx);
  await analyze(trx, load.dataset, load.repeated);
  await sql`
    UPDATE ${repeated} k SET differs = true
    WHERE k.key IN (
      SELECT s.${key} FROM ${staged} s JOIN ${repeated} r ON r.key = s.${key} GROUP BY s.${key} HAVING count(DISTINCT s._hash) > 1
    )`.execute(trx);
  return count(trx, repeated);
}

/**
 * How many more rows than keys are staged. Sorted (0.3 s a million), since GROUP BY makes a hash of all keys (1.5 s);
 * texts by their bytes, since a language's order costs twice as much. Citus takes a DISTINCT of its key and of no more.
 */
async function countSurplus(trx: Kysely<Tables>, load: Load): Promise<number> {
  const isBytes = load.key.sqlType === 'text' && load.dataset.distribution === 'none';
  const order = isBytes ? sql`COLLATE "C"` : sql``;
  const { rows } = await sql<{ n: number }>`
    SELECT (count(*) - count(DISTINCT ${sql.id(load.key.column)} ${order}))::int AS n FROM ${sql.id(load.staging.records)}`.execute(
    trx,
  );
  return rows[0]!.n;
}

/** Which of several rows with one key a line or a hash stands for cannot be told: tomorrow they are staged again. */
async function forgetLines(trx: Kysely<Tables>, load: Load): Promise<void> {
  await sql`
    UPDATE ${sql.id(load.staging.records)} s SET _raw = '' FROM ${sql.id(load.repeated)} k
    WHERE k.key = ${sql.ref(`s.${load.key.column}`)}`.execute(trx);
}

/**
 * Files without a key: the second of two identical rows is another record, `hash|2`. Staged anew, since with Citus the key
 * says on which server a row is, and cannot be changed.
 */
async function numberOccurrences(trx: Kysely<Tables>, load: Load): Promise<void> {
  const staged = sql.id(load.staging.records);
  const columns = sql.join([...load.shape.columns.map(({ name }) => sql.id(name)), sql.raw('_hash, _source_id, _row, _raw')]);
  await sql`
    INSERT INTO ${staged} (_key, ${columns})
    SELECT encode(_hash, 'hex') || '|' || _place, ${columns} FROM (${places(load, 'ASC', sql`r.*`)}) o WHERE _place > 1`.execute(
    trx,
  );
  await removeLaterPlaces(trx, load, 'ASC');
}

function removeConflicts(trx: Kysely<Tables>, load: Load): Promise<RemovedRows> {
  const key = sql.ref(`s.${load.key.column}`);
  return removedRows(
    trx,
    sql`
      DELETE FROM ${sql.id(load.staging.records)} s USING ${sql.id(load.repeated)} k WHERE k.key = ${key} AND k.differs
      RETURNING s._source_id::text AS source_id, s._row AS row_number, ${key}::text AS key`,
  );
}

function removeLosers(trx: Kysely<Tables>, load: Load): Promise<number> {
  return removeLaterPlaces(trx, load, load.dataset.duplicates === 'last' ? 'DESC' : 'ASC');
}

/** Leaves one row of each repeated key, the first in this order. */
function removeLaterPlaces(trx: Kysely<Tables>, load: Load, order: 'ASC' | 'DESC'): Promise<number> {
  const key = sql.id(load.key.column);
  return affected(
    trx,
    sql`
      DELETE FROM ${sql.id(load.staging.records)} s USING (${places(load, order, sql`r.${key} AS key, r._source_id, r._row`)}) o
      WHERE s.${key} = o.key AND s._source_id = o._source_id AND s._row = o._row AND o._place > 1`,
  );
}

/** The staged rows r of repeated keys with their `_place` among those of their key, by file and line. */
function places(load: Load, order: 'ASC' | 'DESC', columns: RawBuilder<unknown>): RawBuilder<unknown> {
  const key = sql.id(load.key.column);
  const by = sql.raw(order);
  return sql`
    SELECT ${columns}, row_number() OVER (PARTITION BY r.${key} ORDER BY r._source_id ${by}, r._row ${by}) AS _place
    FROM ${sql.id(load.staging.records)} r JOIN ${sql.id(load.repeated)} k ON k.key = r.${key}`;
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
