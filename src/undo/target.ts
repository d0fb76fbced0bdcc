import type { Kysely } from 'kysely';
import { ProjetusError } from '../core/errors.ts';
import type { Tables } from '../db/tables.ts';
import { findRun, undoneRuns, type StoredRun } from '../run-log.ts';

/** The run to be undone. Throws `usage` when it does not exist, published nothing, or was undone already. */
export async function findTarget(db: Kysely<Tables>, id: string): Promise<StoredRun> {
  const run = await findRun(db, id);
  if (run.status !== 'success' && run.status !== 'unchanged') {
    throw new ProjetusError('usage', `Run ${run.id} is ${run.status}: it published nothing, so there is nothing to undo.`, {
      hint: 'projetus runs list shows which runs published',
    });
  }
  const undo = (await undoneRuns(db)).get(run.id);
  if (undo === undefined) return run;
  throw new ProjetusError('usage', `Run ${run.id} was undone already, by run ${undo}.`, {
    hint: `projetus runs undo ${undo} brings its changes back`,
  });
}
