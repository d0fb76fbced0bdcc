import type { Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';

/**
 * The rejects that the run brought are gone with it; the next run of a file that still has them opens them again. What
 * the run closed stays closed until then too: it is not written down which run a reject was gone with.
 */
export async function closeRejects(trx: Kysely<Tables>, runId: string, dataset: string): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('quarantine')
    .set({ status: 'gone' })
    .where('run_id', '=', runId)
    .where('dataset', '=', dataset)
    .where('status', '=', 'open')
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
