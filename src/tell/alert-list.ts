import { sql, type Kysely } from 'kysely';
import type { Severity } from '../core/codes.ts';
import type { Tables } from '../db/tables.ts';

/** `alerts list --json`. A contract: only ever extended. */
export type AlertList = { schema: 'projetus.alerts/1'; alerts: ListedAlert[]; undelivered: ListedDelivery[] };

export type ListedAlert = {
  id: string;
  severity: Severity;
  code: string;
  dataset: string | null;
  message: string;
  status: 'open' | 'resolved';
  first_seen_at: string;
  last_seen_at: string;
  /** Null when it was below `min_severity`. */
  last_told_at: string | null;
  resolved_at: string | null;
  acked_at: string | null;
  acked_by: string | null;
};

/** A digest that did not get through. */
export type ListedDelivery = {
  id: string;
  channel: string;
  status: 'pending' | 'failed';
  attempts: number;
  answer: string | null;
  created_at: string;
};

const mostListed = 200;

/** Open alerts, the oldest first; with `all` those that ended too, the newest last. */
export async function listAlerts(db: Kysely<Tables>, all: boolean): Promise<AlertList> {
  const alerts = await db
    .selectFrom('alerts')
    .selectAll()
    .$if(!all, (query) => query.where('status', '=', 'open'))
    .orderBy('id', 'desc')
    .limit(mostListed)
    .execute();
  const deliveries = await db
    .selectFrom('alert_deliveries')
    .select(['id', 'channel', 'status', 'attempts', 'answer', 'created_at'])
    .where('status', '<>', 'sent')
    .orderBy('id', 'desc')
    .limit(mostListed)
    .execute();
  return {
    schema: 'projetus.alerts/1',
    alerts: alerts.toReversed().map((alert) => ({
      id: alert.id,
      severity: alert.severity,
      code: alert.code,
      dataset: alert.dataset,
      message: alert.message,
      status: alert.status,
      first_seen_at: alert.first_seen_at.toISOString(),
      last_seen_at: alert.last_seen_at.toISOString(),
      last_told_at: alert.last_told_at?.toISOString() ?? null,
      resolved_at: alert.resolved_at?.toISOString() ?? null,
      acked_at: alert.acked_at?.toISOString() ?? null,
      acked_by: alert.acked_by,
    })),
    undelivered: deliveries.toReversed().map(({ created_at, status, ...delivery }) => ({
      ...delivery,
      status: status as ListedDelivery['status'],
      created_at: created_at.toISOString(),
    })),
  };
}

/** Notes that somebody knows of open alerts: those named, or all. Returns how many. */
export async function ackAlerts(
  trx: Kysely<Tables>,
  ids: readonly string[] | 'all',
  by: string,
  now: Date,
): Promise<{ acked: number }> {
  const rows = await trx
    .updateTable('alerts')
    .set({ acked_at: sql<Date>`coalesce(acked_at, ${now})`, acked_by: sql<string>`coalesce(acked_by, ${by})` })
    .where('status', '=', 'open')
    .$if(ids !== 'all', (query) => query.where('id', 'in', ids as string[]))
    .returning('id')
    .execute();
  return { acked: rows.length };
}
