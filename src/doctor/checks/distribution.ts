import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../../core/dataset.ts';
import type { Tables } from '../../db/tables.ts';
import { hasCitus, spreadOf, spreadProblem } from '../../load/distribution.ts';
import { keyColumnOf } from '../../load/keys.ts';
import { tableState } from '../../load/table-catalog.ts';
import { withTablesOfAnyVersion } from '../../runs.ts';
import { fail, failed, ok, type Connected, type Finding } from '../finding.ts';

const name = 'distribution';

/** With Citus: whether it is there, has servers that take rows, and has spread the tables that exist as their datasets want. */
export async function checkDistribution({ database, config }: Connected): Promise<Finding[]> {
  if (config.database.distribution === 'none') return [];
  const { datasets } = config.extraction;
  try {
    if (!(await hasCitus(database.db))) {
      const { message, fix } = spreadProblem(datasets[0]!, '', false, null)!;
      return [fail(name, message, fix)];
    }
    const servers = await countServers(database.db);
    const found = (await withTablesOfAnyVersion(database, (db) => wronglySpread(db, datasets))) ?? [];
    if (servers === 0) found.unshift(fail(name, 'no server of the cluster takes rows', "SELECT citus_add_node('HOST', 5432);"));
    return found.length > 0 ? found : [ok(name, `Citus, ${servers} ${servers === 1 ? 'server takes' : 'servers take'} rows`)];
  } catch (error) {
    return [failed(name, error)];
  }
}

async function countServers(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM pg_dist_node WHERE isactive AND shouldhaveshards`.execute(db);
  return rows[0]!.n;
}

async function wronglySpread(db: Kysely<Tables>, datasets: readonly Dataset[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const dataset of datasets) {
    const { columns } = await tableState(db, dataset.name);
    const problem = spreadProblem(dataset, keyColumnOf(dataset), columns.size > 0, await spreadOf(db, dataset.name));
    if (problem) findings.push(fail(name, problem.message, problem.fix));
  }
  return findings;
}
