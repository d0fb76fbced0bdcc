import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import { quote } from '../db/quote.ts';
import type { Tables } from '../db/tables.ts';
import { spread } from './distribution.ts';
import type { Load } from './load.ts';

/**
 * Makes a table of a load's own, empty, that lives as long as the transaction. `columns` is what stands between the
 * brackets of CREATE TABLE. With Citus a server joins and compares only what it has itself: the table is spread by
 * `keyColumn` as the dataset's table is by its key. Nothing can be spread that is TEMP, so `dropWorkTables` has to end it.
 */
export async function createWorkTable(
  trx: Kysely<Tables>,
  dataset: Dataset,
  table: string,
  columns: string,
  keyColumn: string,
): Promise<void> {
  if (dataset.distribution === 'none') {
    await sql`CREATE TEMP TABLE ${sql.id(table)} (${sql.raw(columns)}) ON COMMIT DROP`.execute(trx);
    return;
  }
  await sql`CREATE UNLOGGED TABLE ${sql.id(table)} (${sql.raw(columns)})`.execute(trx);
  for (const statement of spread(dataset, quote(table), keyColumn, quote(dataset.name))) await sql.raw(statement).execute(trx);
}

/** Before COMMIT: those that are not TEMP, one by one, since Citus drops no several objects at once. */
export async function dropWorkTables(trx: Kysely<Tables>, loads: readonly Load[]): Promise<void> {
  const tables = loads
    .filter(({ dataset }) => dataset.distribution !== 'none')
    .flatMap(({ ddl, staging, repeated, refusedKeys, changes }) => [
      ...(ddl.isNew ? [] : [staging.records]),
      repeated,
      refusedKeys,
      changes,
    ]);
  for (const table of tables) await sql`DROP TABLE IF EXISTS ${sql.id(table)}`.execute(trx);
}
