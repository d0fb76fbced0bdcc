import { describe, expect, it } from 'vitest';
import { slots } from '../../src/schedule/slots.ts';
import { oracleCases } from './due-runs.ts';
import { logAt, simulate, truth, type Turn } from './simulated-days.ts';

const cases = await oracleCases();
/** Those of the hours at which clocks change: a second of simulation each. */
const oneOfEachZone = [...new Map(cases.map((one) => [one.schedule.timezone + one.schedule.weekdays.length, one])).values()];
const dayMs = 86_400_000;

function stops([at, status]: Turn): number[] {
  return status === 'missed' || status === 'hanging' ? [at - 1, at] : [at];
}

describe('800 days of missed, late, failed, held and hanging runs, on a simulated clock', () => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e9));

  it.each(oneOfEachZone)(`are seen within their grace, and none is invented: $title, SEED=${seed}`, ({ schedule, due, from }) => {
    const days = simulate(due, schedule.timezone, seed);
    let probes = 0;
    // The clock stops at every turn of each day's fate, and at the last moment of each grace.
    for (const now of days.flatMap(({ turns }) => turns.flatMap(stops))) {
      const today = days.findLastIndex(({ dueAt }) => dueAt <= now);
      const log = logAt(days.slice(Math.max(0, today - 6), today + 2), now);
      const window = days.slice(Math.max(0, today - 3), today + 2);
      const since = new Date(Math.max(from.getTime(), window[0]!.dueAt - dayMs / 2));
      const seen = slots(schedule, log, since, new Date(now));
      const expected = window.flatMap((day) => {
        const status = truth(day, now);
        return status === null ? [] : [`${new Date(day.dueAt).toISOString()} ${status}`];
      });
      expect(seen.map(({ dueAt, status }) => `${dueAt.toISOString()} ${status}`).join()).toBe(expected.join());
      probes++;
    }
    expect(new Set(days.map(({ fate }) => fate)).size).toBeGreaterThan(8);
    expect(probes).toBeGreaterThan(days.length * 2);
  });

  it.each(cases)(`are judged the same in one look at the end: $title, SEED=${seed}`, ({ schedule, due, from, to }) => {
    const days = simulate(due, schedule.timezone, seed);
    const seen = slots(schedule, logAt(days, to.getTime()), from, to);
    expect(seen.map(({ status }) => status)).toEqual(days.map((day) => truth(day, to.getTime())));
  });
});
