import { dayIn } from '../core/business-date.ts';
import { expectedRuns, type DueRun, type Schedule } from './expected-runs.ts';

/** A run of the log, as far as the schedule looks at it. */
export type ScheduledRun = {
  readonly status: 'running' | 'success' | 'unchanged' | 'held' | 'failed' | 'aborted';
  readonly startedAt: Date;
  /** `YYYY-MM-DD`. */
  readonly businessDate: string;
};

/**
 * - `done`: published by a run that started in time; `late`: by one that started after the start grace
 * - `running`; `hanging`: a run is at work, and has not ended within the finish grace from its own start
 * - `held`, `failed`: all of its runs ended without publishing; what the last one was. One that died is `failed`
 * - `pending`: no run yet, and within the start grace; `missed`: beyond it
 */
export type SlotStatus = 'done' | 'late' | 'running' | 'hanging' | 'held' | 'failed' | 'pending' | 'missed';

/** A time at which a run was due, and what became of it. */
export type Slot<Run extends ScheduledRun = ScheduledRun> = {
  readonly day: string;
  readonly dueAt: Date;
  readonly status: SlotStatus;
  /** Its runs, oldest first. */
  readonly runs: readonly Run[];
};

/** A week and a day: there is a slot within it before any moment. */
const longestGapMs = 8 * 86_400_000;

/**
 * The slots from `from` to `now`, oldest first, and the next one when it has a run already. `log` is oldest first. No run
 * is expected before `from`, which is where the log begins or later.
 */
export function slots<Run extends ScheduledRun>(schedule: Schedule, log: readonly Run[], from: Date, now: Date): Slot<Run>[] {
  // The slot before `from` has runs too, which must not count for the first one after it; a slot ahead, one before its time.
  const due = expectedRuns(schedule, new Date(from.getTime() - longestGapMs), new Date(now.getTime() + longestGapMs));
  const runsOf = new Map<DueRun, Run[]>();
  for (const run of log) {
    const own = slotOf(schedule, due, run);
    if (own) runsOf.set(own, [...(runsOf.get(own) ?? []), run]);
  }
  return due
    .filter((slot) => slot.at >= from && (slot.at <= now || runsOf.has(slot)))
    .map((slot) => {
      const runs = runsOf.get(slot) ?? [];
      return { day: slot.day, dueAt: slot.at, status: judge(schedule, slot, runs, now), runs };
    });
}

/**
 * A run belongs to the latest slot at or before its start: a second try, a run that a person starts in the evening, and
 * one on a day that is not scheduled all mend the day that went wrong. It belongs to the next slot when that is nearer
 * and on the same local day: a cron five minutes early or a person at eight has loaded the files of today, and nobody is to
 * be woken for it. A run for an earlier business date (`--date`) belongs to none: it fills in, and today is still due.
 */
function slotOf(schedule: Schedule, due: readonly DueRun[], run: ScheduledRun): DueRun | null {
  const nextIndex = due.findIndex((slot) => slot.at > run.startedAt);
  const latest = nextIndex === -1 ? due.at(-1) : due[nextIndex - 1];
  const next = due[nextIndex];
  const isNextNearer = next && (!latest || distance(next, run) < distance(latest, run));
  const own = isNextNearer && next.day === dayIn(schedule.timezone, run.startedAt) ? next : latest;
  return own && run.businessDate >= own.day ? own : null;
}

function distance(slot: DueRun, run: ScheduledRun): number {
  return Math.abs(slot.at.getTime() - run.startedAt.getTime());
}

function judge(schedule: Schedule, slot: DueRun, runs: readonly ScheduledRun[], now: Date): SlotStatus {
  const latestStart = slot.at.getTime() + schedule.startGraceMinutes * 60_000;
  const published = runs.find(({ status }) => isPublished(status));
  if (published) return published.startedAt.getTime() <= latestStart ? 'done' : 'late';
  const running = runs.findLast(({ status }) => status === 'running');
  if (running) return isHanging(schedule, running, now) ? 'hanging' : 'running';
  const last = runs.at(-1);
  if (last) return last.status === 'held' ? 'held' : 'failed';
  return now.getTime() > latestStart ? 'missed' : 'pending';
}

/** The finish grace counts from the run's own start: a second try at noon has as long as the first at nine. */
export function isHanging(schedule: Schedule, run: ScheduledRun, now: Date): boolean {
  return run.status === 'running' && now.getTime() > run.startedAt.getTime() + schedule.finishGraceMinutes * 60_000;
}

/** Whether the day's data are in the tables: `unchanged` found them there. */
export function isPublished(status: ScheduledRun['status']): boolean {
  return status === 'success' || status === 'unchanged';
}
