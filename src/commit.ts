import { ProjetusError } from './core/errors.ts';
import type { Database } from './db/open-database.ts';
import { changeOperationalTables, type Loading } from './runs.ts';

/**
 * Ends a run's transaction for good. When the answer is lost, a new connection asks for it: the transaction wrote into
 * the run's row how it ended. Throws the loss itself when nothing was published, and `commit-unknown` when the server
 * stays away: then nobody here knows.
 */
export async function commit(trx: Loading, database: Database, runId: string): Promise<void> {
  try {
    await trx.commit().execute();
  } catch (error) {
    if (!(error instanceof ProjetusError) || error.code !== 'database-unavailable') throw error;
    const isPublished = await wasCommitted(database, runId);
    if (isPublished === null) throw commitUnknown(error);
    if (!isPublished) throw error;
  }
}

/** Null when it cannot be found out. */
async function wasCommitted(database: Database, runId: string): Promise<boolean | null> {
  try {
    await using again = await database.reopen();
    return await changeOperationalTables(again, async (trx) => {
      // FOR SHARE: a server that is still at the COMMIT holds the row's lock, and is waited for.
      const row = await trx.selectFrom('runs').select('status').where('id', '=', runId).forShare().executeTakeFirstOrThrow();
      // Another run may have come already, and found the row as the first transaction had left it.
      return row.status !== 'running' && row.status !== 'aborted';
    });
  } catch {
    // Why the server cannot be asked is known: the COMMIT lost its answer for the same reason.
    return null;
  }
}

function commitUnknown(cause: ProjetusError): ProjetusError {
  return new ProjetusError(
    'commit-unknown',
    'The connection was lost during COMMIT and the server cannot be reached: whether the run was published is not known.',
    { hint: 'run again: it finds out by itself, and changes nothing that is there already', cause },
  );
}

/** Why a run ends: an interruption explains whatever it made fail, but it cannot know how a COMMIT ended. */
export function reasonOf(thrown: unknown, signal: AbortSignal): unknown {
  const isUnknown = thrown instanceof ProjetusError && thrown.code === 'commit-unknown';
  return signal.aborted && !isUnknown ? signal.reason : thrown;
}
