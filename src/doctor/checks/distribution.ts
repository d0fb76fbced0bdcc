import type { Kysely } from 'kysely';
import type { Dataset } from '../../core/dataset.ts';
import type { Tables } from '../../db/tables.ts';
import { findSpread, spreadProblem } from '../../load/distribution.ts';
import { tableState } from '../../load/table-catalog.ts';
import { inSchema } from '../../runs.ts';
import { fail, failed, ok, type Connected, type Finding } from '../finding.ts';

const name = 'distribution';

/** Whether Citus is there and has servers that take rows, where datasets want it, and tables are spread as they want. */
export async function checkDistribution({ database, config }: Connected): Promise<Finding[]> {
  try {
    return await inSchema(database, (db) => look(db, config.extraction.datasets));
  } catch (error) {
    return [failed(name, error)];
  }
}

async function look(db: Kysely<Tables>, datasets: readonly Dataset[]): Promise<Finding[]> {
  // By their messages: what is wrong with the cluster is wrong for every dataset.
  const problems = new Map<string, Finding>();
  let servers: number | null = null;
  for (const dataset of datasets) {
    const found = await findSpread(db, dataset);
    const { columns } = await tableState(db, dataset.name);
    const problem = spreadProblem(dataset, columns.size > 0, found);
    if (problem) problems.set(problem.message, fail(name, problem.message, problem.fix));
    if (dataset.distribution !== 'none') servers = found.servers;
  }
  if (problems.size > 0 || servers === null) return [...problems.values()];
  return [ok(name, `Citus, ${servers} ${servers === 1 ? 'server takes' : 'servers take'} rows`)];
}
