import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { quote, quoteLiteral } from '../db/quote.ts';
import type { Tables } from '../db/tables.ts';
import { keyColumnOf } from './keys.ts';

/**
 * What spreads a table over the servers of Citus, as its dataset wants it; nothing where there is one server. `table` is
 * a quoted name, and so is `like`: of a table whose rows of the same key are to be on the same server.
 */
export function spread({ distribution }: Dataset, table: string, keyColumn: string, like?: string): string[] {
  if (distribution === 'none') return [];
  if (distribution === 'reference') return [`SELECT create_reference_table(${quoteLiteral(table)})`];
  const beside = like === undefined ? '' : `, colocate_with => ${quoteLiteral(like)}`;
  return [`SELECT create_distributed_table(${quoteLiteral(table)}, ${quoteLiteral(keyColumn)}${beside})`];
}

export type Found = {
  readonly schema: string;
  /** How many servers take rows; null: the database has no Citus. */
  readonly servers: number | null;
  /** How the table is spread: by a column, whole on each server, or not at all. */
  readonly table: Spread;
};

type Spread = { readonly by: string } | 'reference' | 'none';

/** How Citus has spread the table of a dataset. */
export async function findSpread(db: Kysely<Tables>, { name }: Dataset): Promise<Found> {
  const database = await sql<{ schema: string; has_citus: boolean }>`
    SELECT coalesce(current_schema()::text, '') AS schema, EXISTS (
      SELECT FROM pg_proc WHERE proname = 'create_distributed_table' AND pg_function_is_visible(oid)) AS has_citus`.execute(db);
  const { schema, has_citus } = database.rows[0]!;
  if (!has_citus) return { schema, servers: null, table: 'none' };
  const { rows } = await sql<{ servers: number; by: string | null; is_whole: boolean }>`
    SELECT n.servers, CASE WHEN p.partmethod <> 'n' THEN column_to_column_name(p.logicalrelid, p.partkey::text) END AS by,
      coalesce(p.partmethod = 'n' AND p.repmodel = 't', false) AS is_whole
    FROM (SELECT count(*)::int AS servers FROM pg_dist_node WHERE isactive AND shouldhaveshards) n
      LEFT JOIN pg_dist_partition p ON p.logicalrelid = to_regclass(${quote(name)})`.execute(db);
  const { servers, by, is_whole } = rows[0]!;
  return { schema, servers, table: by !== null ? { by } : is_whole ? 'reference' : 'none' };
}

export type SpreadProblem = { readonly message: string; readonly fix: string };

/** What is wrong with the way a table is spread, and how to mend it; null: nothing. `exists`: the table is there already. */
export function spreadProblem(dataset: Dataset, exists: boolean, found: Found): SpreadProblem | null {
  const { distribution } = dataset;
  const keyColumn = keyColumnOf(dataset);
  if (distribution !== 'none' && found.servers === null) {
    const fix = 'CREATE EXTENSION citus; on the coordinator and its workers, or database.distribution: none';
    return { message: 'the database has no extension citus', fix };
  }
  // Citus would take the coordinator for a cluster of one, under a name by which no other server finds it.
  if (distribution !== 'none' && found.servers === 0)
    return { message: 'no server of the cluster takes rows', fix: "SELECT citus_add_node('HOST', 5432);" };
  const wanted: Spread = distribution === 'key' ? { by: keyColumn } : distribution;
  if (!exists || isSame(found.table, wanted)) return null;
  // A person's session has a search path of its own.
  const table = `${quote(found.schema)}.${quote(dataset.name)}`;
  const steps = [
    ...(found.table === 'none' ? [] : [`SELECT undistribute_table(${quoteLiteral(table)})`]),
    ...spread(dataset, table, keyColumn),
  ];
  return {
    message: `the table ${dataset.name} is ${told(found.table)}, and has to be ${told(wanted)}`,
    fix: `once, with no run at work: ${steps.map((step) => `${step};`).join(' ')}`,
  };
}

/** Throws `ddl-refused`: rows could not be compared where they are, and to spread a table is a person's decision. */
export async function refuseSpreadOtherwise(db: Kysely<Tables>, dataset: Dataset, exists: boolean): Promise<void> {
  const problem = spreadProblem(dataset, exists, await findSpread(db, dataset));
  if (problem) throw new ProjetusError('ddl-refused', `${dataset.name}: ${problem.message}.`, { hint: problem.fix });
}

function isSame(found: Spread, wanted: Spread): boolean {
  return typeof found === 'object' && typeof wanted === 'object' ? found.by === wanted.by : found === wanted;
}

function told(spread: Spread): string {
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
 * Settings of a transaction that reads or loads spread tables, before the first of its statements: what is made after rows
 * went over several connections to one server is refused ("a parallel query was executed in this transaction"). On the
 * servers they hold only as SET LOCAL, and when told so; a date's text would be that of their own DateStyle. Nobody
 * counts a load's own tables there, which is why no nested loops: see `setPlanner` in classify.ts.
 */
export async function setDistribution(trx: Kysely<Tables>, { distribution }: Dataset): Promise<void> {
  if (distribution === 'none') return;
  for (const setting of spreadSettings) await sql.raw(`SET LOCAL ${setting}`).execute(trx);
}

const spreadSettings = [
  "citus.multi_shard_modify_mode TO 'sequential'",
  "citus.propagate_set_commands TO 'local'",
  "DateStyle TO 'ISO'",
  "TimeZone TO 'UTC'",
  'enable_nestloop TO off',
  "work_mem TO '64MB'",
];
