import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { quote } from '../db/quote.ts';
import type { Tables } from '../db/tables.ts';

/**
 * What spreads an empty table over the servers of Citus, as its dataset wants it; nothing where there is one server.
 * `like` is a table whose rows of the same key are to be on the same server.
 */
export function spread(dataset: Dataset, table: string, keyColumn: string, like?: string): string[] {
  const name = literal(quote(table));
  if (dataset.distribution === 'none') return [];
  if (dataset.distribution === 'reference') return [`SELECT create_reference_table(${name})`];
  const beside = like === undefined ? '' : `, colocate_with => ${literal(quote(like))}`;
  return [`SELECT create_distributed_table(${name}, ${literal(keyColumn)}${beside})`];
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** How Citus has spread a table: by a column, whole on each server, or not at all; null: there is no Citus. */
export type Spread = { readonly by: string } | 'reference' | 'none' | null;

export async function spreadOf(db: Kysely<Tables>, table: string): Promise<Spread> {
  if (!(await hasCitus(db))) return null;
  const { rows } = await sql<{ by: string | null }>`
    SELECT CASE WHEN partmethod <> 'n' THEN column_to_column_name(logicalrelid, partkey::text) END AS by
    FROM pg_dist_partition WHERE logicalrelid = to_regclass(${quote(table)}) AND (partmethod <> 'n' OR repmodel = 't')`.execute(
    db,
  );
  const [row] = rows;
  if (!row) return 'none';
  return row.by === null ? 'reference' : { by: row.by };
}

export async function hasCitus(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'create_distributed_table' AND pg_function_is_visible(oid)) AS there`.execute(
    db,
  );
  return rows[0]!.there;
}

/** What is wrong with the way a table is spread, and how to mend it; null: nothing. `exists`: the table is there already. */
export function spreadProblem(
  dataset: Dataset,
  keyColumn: string,
  exists: boolean,
  found: Spread,
): { readonly message: string; readonly fix: string } | null {
  if (dataset.distribution === 'none') return null;
  if (found === null) {
    const fix = 'CREATE EXTENSION citus; on the coordinator and its workers, or database.distribution: none';
    return { message: 'the database has no extension citus', fix };
  }
  const wanted = dataset.distribution === 'reference' ? 'reference' : { by: keyColumn };
  if (!exists || isSame(found, wanted)) return null;
  const [statement] = spread(dataset, dataset.name, keyColumn);
  const again = found === 'none' ? '' : `SELECT undistribute_table(${literal(quote(dataset.name))}); `;
  return {
    message: `the table ${dataset.name} is ${told(found)}, and has to be ${told(wanted)}`,
    fix: `once, with no run at work: ${again}${statement!};`,
  };
}

function isSame(found: Exclude<Spread, null>, wanted: Exclude<Spread, null>): boolean {
  return typeof found === 'object' && typeof wanted === 'object' ? found.by === wanted.by : found === wanted;
}

function told(spread: Exclude<Spread, null>): string {
  if (spread === 'none') return 'on the coordinator alone';
  return spread === 'reference' ? 'whole on each server' : `spread by ${spread.by}`;
}

/** Throws `usage`: for commands that join the rows of a table with more than its own work tables. */
export function refuseSpread(datasets: readonly Dataset[], command: string): void {
  if (datasets.every(({ distribution }) => distribution === 'none')) return;
  throw new ProjetusError('usage', `${command} does not work on tables that are spread over servers.`, {
    hint: 'it needs database.distribution: none; docs/operations.md says what works with Citus',
  });
}

/**
 * Settings of a transaction that loads into spread tables. A view or a table that is made after rows went to several
 * connections of one server is refused: "there was a parallel operation on a distributed table in the transaction".
 */
export async function setDistribution(trx: Kysely<Tables>, { distribution }: Dataset): Promise<void> {
  if (distribution === 'none') return;
  await sql`SELECT set_config('citus.multi_shard_modify_mode', 'sequential', true)`.execute(trx);
}
