import { sql, type Kysely } from 'kysely';
import type { Alert } from '../core/report.ts';
import { storableJson } from '../core/storable-json.ts';
import type { Tables } from '../db/tables.ts';
import { fingerprintOf, type OpenAlert, type Plan } from './plan.ts';

/** Runs of different datasets may end at once, and both have alerts that are of no dataset. */
export async function lockAlerts(trx: Kysely<Tables>, schema: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`projetus:alerts:${schema}`}, 0))`.execute(trx);
}

export async function openAlerts(trx: Kysely<Tables>): Promise<OpenAlert[]> {
  const rows = await trx.selectFrom('alerts').selectAll().where('status', '=', 'open').orderBy('id').execute();
  return rows.map((row) => ({
    id: row.id,
    fingerprint: row.fingerprint,
    severity: row.severity,
    code: row.code,
    dataset: row.dataset,
    facts: (row.details ?? {}) as Readonly<Record<string, unknown>>,
    firstSeenAt: row.first_seen_at,
    lastToldAt: row.last_told_at,
    isAcked: row.acked_at !== null,
    runId: row.run_id,
  }));
}

/** Stores what a plan found out. */
export async function storePlan(trx: Kysely<Tables>, plan: Plan, runId: string | null, now: Date): Promise<void> {
  const told = new Set(plan.told.map(({ alert }) => alert));
  for (const alert of plan.opened) await open(trx, alert, runId, told.has(alert), now);
  for (const { open: before, alert } of plan.seen) {
    await trx
      .updateTable('alerts')
      .set({ ...contentOf(alert), last_seen_at: now, ...(told.has(alert) ? { last_told_at: now } : {}) })
      .where('id', '=', before.id)
      .execute();
  }
  const ended = plan.ended.map(({ id }) => id);
  if (ended.length === 0) return;
  await trx.updateTable('alerts').set({ status: 'resolved', resolved_at: now }).where('id', 'in', ended).execute();
}

async function open(trx: Kysely<Tables>, alert: Alert, runId: string | null, isTold: boolean, now: Date): Promise<void> {
  const { code, dataset } = alert;
  const moments = { first_seen_at: now, last_seen_at: now, last_told_at: isTold ? now : null };
  const identity = { fingerprint: fingerprintOf(alert), code, dataset, run_id: runId };
  await trx
    .insertInto('alerts')
    .values({ ...identity, ...contentOf(alert), ...moments })
    .execute();
}

function contentOf({ severity, message, facts }: Alert) {
  return { severity, message, details: storableJson(facts) };
}
