import { sql, type Kysely } from 'kysely';
import type { Digest } from '../alert/channel.ts';
import { storableJson } from '../core/storable-json.ts';
import type { Tables } from '../db/tables.ts';

/** One digest on its way to one channel. `id` is null when there is no database to remember it. */
export type Delivery = { readonly id: string | null; readonly channel: string; readonly digest: Digest };

/** How a delivery stands. `answer` is a safe line: what the provider said last. */
export type Outcome = { readonly status: 'pending' | 'sent' | 'failed'; readonly attempts: number; readonly answer: string };

/** Remembers deliveries before anything is tried: what a run that dies did not send, the next one does. */
export async function recordDeliveries(
  trx: Kysely<Tables>,
  digest: Digest,
  channels: readonly string[],
  runId: string | null,
  now: Date,
): Promise<Delivery[]> {
  if (channels.length === 0) return [];
  const rows = await trx
    .insertInto('alert_deliveries')
    .values(channels.map((channel) => ({ run_id: runId, channel, digest: storableJson(digest), created_at: now })))
    .returning(['id', 'channel'])
    .execute();
  return rows.map(({ id, channel }) => ({ id, channel, digest }));
}

/** A run tries so many old deliveries at most; the newest say the most. */
const mostOld = 20;

/** Longer than any run takes to tell: what is younger may be on its way by another one. */
const claimMs = 60_000;

/** What earlier runs could not deliver. */
export async function undelivered(trx: Kysely<Tables>, now: Date): Promise<Delivery[]> {
  const unclaimed = new Date(now.getTime() - claimMs);
  const rows = await trx
    .selectFrom('alert_deliveries')
    .select(['id', 'channel', 'digest'])
    .where('status', '=', 'pending')
    .where(sql<boolean>`coalesce(attempted_at, created_at) < ${unclaimed}`)
    .orderBy('id', 'desc')
    .limit(mostOld)
    .execute();
  return rows.map(({ id, channel, digest }) => ({ id, channel, digest: digest as unknown as Digest }));
}

export async function recordOutcome(trx: Kysely<Tables>, id: string, outcome: Outcome, now: Date): Promise<void> {
  const { status, attempts, answer } = outcome;
  await trx
    .updateTable('alert_deliveries')
    .set({ status, attempts: sql<number>`attempts + ${attempts}`, answer, attempted_at: now })
    .where('id', '=', id)
    .execute();
}
