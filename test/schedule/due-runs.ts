import { readFile } from 'node:fs/promises';
import type { Schedule } from '../../src/schedule/expected-runs.ts';

/** What Python's zoneinfo says about a schedule: see fixtures/due-runs.py. */
export type OracleCase = {
  readonly title: string;
  readonly schedule: Schedule;
  /** Every moment in `[from, to)` at which a run is due. */
  readonly due: readonly Date[];
  readonly from: Date;
  readonly to: Date;
};

type StoredCase = Pick<Schedule, 'timezone' | 'hour' | 'minute' | 'weekdays'> & {
  readonly first_day: string;
  readonly days: number;
  readonly first: number;
  readonly steps: string;
};

const dayMs = 86_400_000;

export async function oracleCases(): Promise<readonly OracleCase[]> {
  const text = await readFile(new URL('fixtures/due-runs.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as StoredCase[]).map(oracleCase);
}

function oracleCase({ timezone, hour, minute, weekdays, first_day, days, first, steps }: StoredCase): OracleCase {
  const minutes = [first];
  for (const [count, step] of steps.split(' ').map((text) => text.split('x').map(Number)))
    for (let n = 0; n < count!; n++) minutes.push(minutes.at(-1)! + step!);
  const due = minutes.map((moment) => new Date(moment * 60_000));
  return {
    title: `${timezone} at ${hour}:${String(minute).padStart(2, '0')}, ${weekdays.length} days a week, ${days} days from ${first_day}`,
    schedule: { timezone, hour, minute, weekdays, startGraceMinutes: 60, finishGraceMinutes: 120 },
    due,
    from: due[0]!,
    // Just after the last one; the days before the first, in zones ahead of UTC, are not in the table.
    to: new Date(due.at(-1)!.getTime() + dayMs / 4),
  };
}
