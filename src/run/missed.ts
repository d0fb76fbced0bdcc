import { sql, type Kysely } from 'kysely';
import type { Config } from '../config/config.ts';
import type { Tables } from '../db/tables.ts';
import { slots, type ScheduledRun } from '../schedule/slots.ts';

/** What lies further back is known, or was never a job. */
const lookBackMs = 62 * 86_400_000;

/**
 * The moments of the schedule, ISO, for which there is no run since the last one on record: the machine was off, the
 * cron was gone, or the database was away, so that nothing could be written. Asked before this run is on record itself.
 */
export async function missedRuns(
  trx: Kysely<Tables>,
  schedule: Config['extraction'],
  run: { readonly startedAt: Date; readonly businessDate: string; readonly id: string },
): Promise<string[]> {
  const { startedAt, businessDate, id } = run;
  const since = new Date(startedAt.getTime() - lookBackMs);
  const { rows } = await sql<ScheduledRun>`
    SELECT status, started_at AS "startedAt", business_date::text AS "businessDate" FROM runs
    WHERE id <> ${id} AND started_at >= ${since} AND started_at <= ${startedAt}
    ORDER BY started_at DESC LIMIT 1`.execute(trx);
  const [last] = rows;
  if (!last) return [];
  const log: ScheduledRun[] = [last, { status: 'running', startedAt, businessDate }];
  return slots(schedule, log, last.startedAt, startedAt)
    .filter(({ status }) => status === 'missed')
    .map(({ dueAt }) => dueAt.toISOString());
}
