import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import { quote } from '../db/quote.ts';
import type { Tables } from '../db/tables.ts';
import type { Load } from './load.ts';

type Counted = Pick<Dataset, 'name' | 'distribution'>;

/**
 * Counts a table for the planner, or one column of it. Not where it is spread over servers: the coordinator holds no rows,
 * and Citus refuses it of a table that it has touched itself in the transaction; `setDistribution` does without.
 */
export async function analyze(
  trx: Kysely<Tables>,
  { distribution }: Pick<Dataset, 'distribution'>,
  table: string,
  column?: string,
) {
  if (distribution !== 'none') return;
  await sql`ANALYZE ${sql.id(table)} ${column === undefined ? sql`` : sql`(${sql.id(column)})`}`.execute(trx);
}

/**
 * Counts a table anew for the planner where it believes that the table holds less than a tenth of what was stored last.
 * Autovacuum that comes while a run fills a table finds none of the rows, since they are not committed; with a table of "0
 * rows" on one side a comparison of 100,000 keys becomes 10,000,000,000: it had not ended after two minutes. Where nobody
 * counted (-1) the planner goes by the size of the file, and is right. ANALYZE of a million rows takes a second.
 */
export async function renewStatistics(trx: Kysely<Tables>, { name, distribution }: Counted): Promise<void> {
  if (distribution !== 'none') return;
  const { rows } = await sql<{ stale: boolean }>`
    SELECT c.reltuples >= 0 AND c.reltuples < d.stored / 10.0 AS stale
    FROM pg_class c JOIN datasets d ON d.name = ${name} WHERE c.oid = to_regclass(${quote(name)})`.execute(trx);
  if (rows[0]?.stale) await analyze(trx, { distribution }, name);
}

/**
 * Counts the staged rows of a wide table. Where nobody did, the planner divides a page by the width that it assumes, 32 bytes a
 * text, as whole numbers: of more than 254 columns it believes in one row. 20,000 changed rows of 300 columns were then
 * compared with as many keys one by one: 18 s, and four times that for twice as many. Narrow ones are counted in classify.ts.
 */
export async function countWide(trx: Kysely<Tables>, { dataset, shape, staging, key }: Load): Promise<void> {
  if (shape.columns.length >= wideColumns) await analyze(trx, dataset, staging.records, key.column);
}

/** From here on the planner believes in one row a page. */
const wideColumns = 128;
