import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import { quote } from '../db/quote.ts';
import type { Tables } from '../db/tables.ts';
import type { Load } from './load.ts';

/** The coordinator of spread tables holds no rows to count. */
type Counted = Pick<Dataset, 'name' | 'distribution'>;

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
  if (rows[0]?.stale) await sql`ANALYZE ${sql.id(name)}`.execute(trx);
}

/**
 * Counts the staged rows of a wide table. Where nobody did, the planner divides a page by the width that it assumes, 32 bytes a
 * text, as whole numbers: of more than 254 columns it believes in one row. 20,000 changed rows of 300 columns were then
 * compared with as many keys one by one: 18 s, and four times that for twice as many. Narrow ones are counted in classify.ts.
 */
export async function countWide(trx: Kysely<Tables>, { dataset, shape, staging, key }: Load): Promise<void> {
  if (shape.columns.length < wideColumns || dataset.distribution !== 'none') return;
  await sql`ANALYZE ${sql.id(staging.records)} (${sql.id(key.column)})`.execute(trx);
}

/** From here on the planner believes in one row a page. */
const wideColumns = 128;
