import { describe, expect, it } from 'vitest';
import type { PastVolume } from '../../src/guard/baseline.ts';
import { compareVolume, volumeFacts, volumeText } from '../../src/guard/volume.ts';
import type { Volume } from '../../src/core/report.ts';

const compare = (previous: number | null, current: number, tolerance = 10, floorRows = 20, history: PastVolume[] = []) =>
  compareVolume({
    dataset: { volumeTolerancePercent: tolerance },
    previous,
    current,
    floorRows,
    history,
    // A Monday.
    businessDate: '2026-11-23',
  });

/** Runs of the days before, the newest first; `records` by weekday, Sunday is 0. */
const weeks = (count: number, records: (weekday: number, week: number) => number): PastVolume[] =>
  Array.from({ length: count * 7 }, (_, index) => {
    const day = new Date(Date.UTC(2026, 10, 22 - index));
    const businessDate = day.toISOString().slice(0, 10);
    return { businessDate, records: records(day.getUTCDay(), Math.floor(index / 7)), volume: null };
  });

describe('the volume of a dataset', () => {
  it.each<[number | null, number, number, number, number | null, Volume['verdict']]>([
    [null, 100, 10, 20, null, 'first'],
    [null, 0, 10, 20, null, 'first'],
    [1000, 1000, 10, 20, 0, 'ok'],
    [1000, 1100, 10, 20, 10, 'ok'],
    [1000, 1101, 10, 20, 10.1, 'rise'],
    [1000, 900, 10, 20, -10, 'ok'],
    [1000, 899, 10, 20, -10.1, 'drop'],
    [1000, 0, 10, 20, -100, 'drop'],
    // Small tables swing freely.
    [10, 30, 10, 20, 200, 'ok'],
    [10, 31, 10, 20, 210, 'rise'],
    [10, 0, 10, 20, -100, 'ok'],
    [0, 20, 10, 20, null, 'ok'],
    [0, 21, 10, 20, null, 'rise'],
    [0, 0, 10, 20, null, 'ok'],
    // Two decimals, rounded.
    [3, 4, 10, 0, 33.33, 'rise'],
    [1000, 1001, 0, 0, 0.1, 'rise'],
  ])(
    'from %s to %s rows, with %s %% and a floor of %s, moves by %s %%: %s',
    (previous, current, percent, floor, change, verdict) => {
      expect(compare(previous, current, percent, floor)).toEqual({
        previous,
        current,
        change_percent: change,
        tolerance_percent: percent,
        baseline: null,
        verdict,
      });
    },
  );
});

describe('the usual volume of a weekday', () => {
  // 100 records on Sundays, 1,000 on other days: a Monday is compared with Mondays.
  const quietSundays = weeks(6, (weekday) => (weekday === 0 ? 100 : 1000));
  it.each<[string, PastVolume[], number, Volume['verdict']]>([
    ['a Monday after a quiet Sunday is ok', quietSundays, 1000, 'ok'],
    ['a Monday that is like a Sunday is a drop', quietSundays, 100, 'drop'],
    ['three Mondays are too few to know', weeks(3, (weekday) => (weekday === 0 ? 100 : 1000)), 1000, 'rise'],
    ['a slow decline is seen, though each day is within its tolerance', weeks(5, (_, week) => 1000 - week), 890, 'drop'],
    ['Mondays that vary are given room', weeks(8, (_, week) => (week % 2 ? 1000 : 1300)), 900, 'ok'],
    ['one bad Monday does not move what is usual', weeks(8, (_, week) => (week === 3 ? 5 : 1000)), 1080, 'ok'],
    ['one bad Monday does not widen what is usual', weeks(8, (_, week) => (week === 3 ? 5 : 1000)), 500, 'drop'],
    ['steady growth is no anomaly', weeks(8, (_, week) => 2000 - 70 * week), 2070, 'ok'],
  ])('%s', (_, history, current, verdict) => {
    expect(compare(history[0]!.records, current, 10, 20, history).verdict).toBe(verdict);
  });

  it('is told with its numbers', () => {
    const volume = compare(100, 300, 10, 20, quietSundays);
    expect(volume.baseline).toEqual({ weekday: 'Monday', median: 1000, low: 900, high: 1100, runs: 6 });
    expect(volumeText(volumeFacts(volume))).toBe(
      '300 records after 100 in the run before (+200 %); the last 6 runs on a Monday had 1000, and 900 to 1100 are usual',
    );
    expect(volumeText(volumeFacts(compare(100, 130)))).toBe(
      '130 records after 100 in the run before (+30 %); 10 % are tolerated',
    );
  });

  it('begins anew after a jump that was published, which was told once', () => {
    const baseline = { weekday: 'Friday', median: 1000, low: 900, high: 1100, runs: 6 };
    const jump = weeks(8, () => 1000).map((run, index) => (index < 2 ? { ...run, records: 2000 } : run));
    jump[1] = { ...jump[1]!, volume: { verdict: 'rise', baseline } };
    expect(compare(2000, 2000, 10, 20, jump)).toMatchObject({ verdict: 'ok', baseline: null });
    jump[1] = { ...jump[1], volume: { verdict: 'rise', baseline: null } };
    expect(compare(2000, 2000, 10, 20, jump)).toMatchObject({ verdict: 'rise', baseline: { median: 1000 } });
  });
});
