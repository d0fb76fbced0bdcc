import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import type { Tables } from '../db/tables.ts';
import { numberedRejects } from './keep.ts';

/**
 * Gives today's rejects that a retry has loaded the key under which it did. Their rows are refused again as long as the
 * publisher does not correct them, often without a key that can be read, and what they stand for has not vanished.
 * `keyColumn` is the column that the table is joined on.
 */
export async function recallRetriedKeys(
  trx: Kysely<Tables>,
  dataset: Dataset,
  refused: string,
  keyColumn: string,
): Promise<void> {
  if (!(await hasRetried(trx, dataset))) return;
  await listRetried(trx, dataset, keyColumn);
  await sql`
    UPDATE ${sql.id(refused)} f SET key = t.key
    FROM (${numberedRejects(refused)}) r
      JOIN quarantine q ON q.dataset = ${dataset.name} AND q.raw_hash = r.raw_hash AND q.occurrence = r.occurrence
      JOIN _retried t ON t.text = q.retried_key
    WHERE q.status = 'retried' AND f.outcome = 'rejected' AND f.source_id = r.source_id AND f.row_number = r.row_number`.execute(
    trx,
  );
}

/**
 * Opens today's rejects again whose retried record is no longer there: it vanished while the row was away, or the retry
 * was undone. To be called after the merge.
 */
export async function reopenLost(trx: Kysely<Tables>, dataset: Dataset, refused: string, keyColumn: string): Promise<void> {
  if (!(await hasRetried(trx, dataset))) return;
  await listRetried(trx, dataset, keyColumn);
  await sql`
    UPDATE quarantine q SET status = 'open', retried_key = NULL
    FROM (${numberedRejects(refused)}) r
    WHERE q.dataset = ${dataset.name} AND q.raw_hash = r.raw_hash AND q.occurrence = r.occurrence
      AND q.status = 'retried' AND q.retried_key IS NOT NULL
      AND NOT EXISTS (SELECT FROM _retried t WHERE t.text = q.retried_key AND t.is_live)`.execute(trx);
}

/**
 * The records that retries loaded, as they are now, beside the quarantine: with Citus no UPDATE reaches from there to a
 * table that is spread over servers. The key comes from the table: the text that we kept may be none of its type any more.
 */
async function listRetried(trx: Kysely<Tables>, dataset: Dataset, keyColumn: string): Promise<void> {
  const key = sql.ref(`t.${keyColumn}`);
  await sql`DROP TABLE IF EXISTS pg_temp._retried`.execute(trx);
  await sql`
    CREATE TEMP TABLE _retried ON COMMIT DROP AS
    SELECT ${key} AS key, q.text, t._vanished_at IS NULL AS is_live
    FROM (SELECT DISTINCT retried_key AS text FROM quarantine WHERE dataset = ${dataset.name} AND retried_key IS NOT NULL) q
      JOIN ${sql.id(dataset.name)} t ON ${key}::text = q.text`.execute(trx);
}

async function hasRetried(trx: Kysely<Tables>, dataset: Dataset): Promise<boolean> {
  const row = await trx
    .selectFrom('quarantine')
    .select('id')
    .where('dataset', '=', dataset.name)
    .where('retried_key', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
