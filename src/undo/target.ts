import { sql, type Kysely } from 'kysely';
import { ProjetusError } from '../core/errors.ts';
import type { Tables } from '../db/tables.ts';
import { findRun, type StoredRun } from '../run-log.ts';

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

/**
 * Runs that are undone, and by which run: as things stand, or as if the undo `now` had ended. An undo that was itself
 * undone does not count.
 */
export async function undoneRuns(
  db: Kysely<Tables>,
  now: { readonly id: string; readonly undoes: string } | null = null,
): Promise<ReadonlyMap<string, string>> {
  const undos = await db
    .selectFrom('runs')
    .select(['id', sql<string>`report->>'undoes'`.as('undoes')])
    .where(sql<boolean>`report->>'mode' = 'undo'`)
    // An undo that found nothing to take back undid nothing.
    .where('status', '=', 'success')
    .orderBy('started_at', 'desc')
    .execute();
  const undone = new Map<string, string>(now ? [[now.undoes, now.id]] : []);
  // The newest first: whether an undo counts is known before its turn comes.
  for (const undo of undos) if (!undone.has(undo.id)) undone.set(undo.undoes, undo.id);
  return undone;
}
