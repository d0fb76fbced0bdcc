import type { Kysely } from 'kysely';
import type { Config } from '../../config/config.ts';
import type { Dataset } from '../../core/dataset.ts';
import type { Database } from '../../db/open-database.ts';
import type { Tables } from '../../db/tables.ts';
import { findSpread, spreadProblem } from '../../load/distribution.ts';
import { keyColumnOf } from '../../load/keys.ts';
import { tableState } from '../../load/table-catalog.ts';
import { rollBack, setSearchPath } from '../../runs.ts';
import { fail, failed, ok, type Connected, type Finding } from '../finding.ts';

const name = 'distribution';

/** Whether Citus is there and has servers that take rows, where datasets want it, and tables are spread as they want. */
export async function checkDistribution({ database, config }: Connected): Promise<Finding[]> {
  try {
    return await look(database, config);
  } catch (error) {
    return [failed(name, error)];
  }
}

async function look(database: Database, config: Config): Promise<Finding[]> {
  const trx = await database.db.startTransaction().execute();
  try {
    await setSearchPath(database, trx);
    const { datasets } = config.extraction;
    const findings: Finding[] = [];
    for (const dataset of datasets) findings.push(...(await problemOf(trx, dataset)));
    // What is wrong with the cluster is wrong for every dataset.
    const found = findings.filter(({ message }, index) => findings.findIndex((other) => other.message === message) === index);
    if (found.length > 0 || config.database.distribution === 'none') return found;
    const { servers } = await findSpread(trx, datasets[0]!);
    return [ok(name, `Citus, ${servers} ${servers === 1 ? 'server takes' : 'servers take'} rows`)];
  } finally {
    await rollBack(trx);
  }
}

async function problemOf(db: Kysely<Tables>, dataset: Dataset): Promise<Finding[]> {
  const { columns } = await tableState(db, dataset.name);
  const problem = spreadProblem(dataset, keyColumnOf(dataset), columns.size > 0, await findSpread(db, dataset));
  return problem === null ? [] : [fail(name, problem.message, problem.fix)];
}
