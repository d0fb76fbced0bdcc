import { expectedRuns, type Schedule } from '../schedule/expected-runs.ts';
import { timeIn } from './time-in.ts';

const dayMs = 86_400_000;

export type UtcSchedule = {
  /** `12:15`. */
  readonly time: string;
  /** `15 12 * * *`. */
  readonly cron: string;
  /** Whether it is the same time all through the year. */
  readonly isSteady: boolean;
};

/** When runs are due, by a scheduler that counts in UTC. */
export function utcTimes(schedule: Schedule, now: Date): UtcSchedule {
  const year = expectedRuns({ ...schedule, weekdays: everyDay }, now, new Date(now.getTime() + 366 * dayMs));
  const times = year.map(({ at }) => timeIn('UTC', at));
  const [hour, minute] = times[0]!.split(':').map(Number);
  return { time: times[0]!, cron: `${minute} ${hour} * * *`, isSteady: new Set(times).size === 1 };
}

const everyDay: Schedule['weekdays'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** The times of a day that a cron expression names, `12:15`; null for one that is more than lists of numbers. */
export function cronTimes(expression: string): string[] | null {
  const [minutes, hours] = expression.trim().split(/\s+/);
  const isList = (field: string | undefined) => field !== undefined && /^\d{1,2}(?:,\d{1,2})*$/.test(field);
  if (!isList(minutes) || !isList(hours)) return null;
  const two = (number: string) => number.padStart(2, '0');
  return hours!.split(',').flatMap((hour) => minutes!.split(',').map((minute) => `${two(hour)}:${two(minute)}`));
}
