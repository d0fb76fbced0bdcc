import { wallClock } from './wall-clock.ts';

const dayMs = 86_400_000;

/** In the order of `Date.getUTCDay`. */
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** When runs are due: `extraction` of the configuration. */
export type Schedule = {
  readonly hour: number;
  readonly minute: number;
  /** An IANA name. */
  readonly timezone: string;
  readonly weekdays: readonly (typeof weekdays)[number][];
  readonly startGraceMinutes: number;
  readonly finishGraceMinutes: number;
};

/** A run that is due: on a local day, `YYYY-MM-DD`, at a moment. */
export type DueRun = { readonly day: string; readonly at: Date };

/** The runs due from `from` on and before `to`, oldest first. */
export function expectedRuns(schedule: Schedule, from: Date, to: Date): readonly DueRun[] {
  const momentOf = wallClock(schedule.timezone);
  const timeMs = (schedule.hour * 60 + schedule.minute) * 60_000;
  const due: DueRun[] = [];
  // Days of the calendar, as if the zone were UTC: there each has 24 hours. A zone's day is a day away at most, and where
  // clocks go forward over midnight, a run of the last hour is due on the next day.
  for (let day = midnight(from) - 2 * dayMs; day <= to.getTime() + dayMs; day += dayMs) {
    if (!schedule.weekdays.includes(weekdays[new Date(day).getUTCDay()]!)) continue;
    const at = momentOf(day + timeMs);
    if (at >= from && at < to) due.push({ day: new Date(day).toISOString().slice(0, 10), at });
  }
  return due;
}

function midnight(moment: Date): number {
  return Math.floor(moment.getTime() / dayMs) * dayMs;
}
