import { describe, expect, it } from 'vitest';
import { expectedRuns, type Schedule } from '../../src/schedule/expected-runs.ts';
import { oracleCases } from './due-runs.ts';

const every = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

function at(timezone: string, time: string, weekdays: Schedule['weekdays'] = every): Schedule {
  const [hour, minute] = time.split(':').map(Number);
  return { timezone, hour: hour!, minute: minute!, weekdays, startGraceMinutes: 60, finishGraceMinutes: 120 };
}

function due(schedule: Schedule, from: string, to: string): string[] {
  return expectedRuns(schedule, new Date(from), new Date(to)).map((run) => `${run.day} ${run.at.toISOString()}`);
}

const cases = await oracleCases();

describe('the runs that are due', () => {
  it.each(cases)('are those that zoneinfo finds: $title', ({ schedule, due, from, to }) => {
    const found = expectedRuns(schedule, from, to).map((run) => run.at.toISOString());
    expect(found).toEqual(due.map((moment) => moment.toISOString()));
  });

  // Written by hand, from the published dates of the changes.
  it.each([
    {
      title: 'a time that the clocks leap over is the first moment after the gap',
      schedule: at('America/New_York', '02:30'),
      window: ['2024-03-09T12:00:00Z', '2024-03-11T12:00:00Z'],
      runs: ['2024-03-10 2024-03-10T07:00:00.000Z', '2024-03-11 2024-03-11T06:30:00.000Z'],
    },
    {
      title: 'a time that the clocks show twice is the first',
      schedule: at('America/New_York', '01:30'),
      window: ['2024-11-02T12:00:00Z', '2024-11-04T12:00:00Z'],
      runs: ['2024-11-03 2024-11-03T05:30:00.000Z', '2024-11-04 2024-11-04T06:30:00.000Z'],
    },
    {
      title: 'half an hour of Lord Howe',
      schedule: at('Australia/Lord_Howe', '02:15'),
      window: ['2024-10-05T00:00:00Z', '2024-10-06T12:00:00Z'],
      runs: ['2024-10-06 2024-10-05T15:30:00.000Z'],
    },
    {
      title: 'the midnight that São Paulo did not have',
      schedule: at('America/Sao_Paulo', '00:00'),
      window: ['2018-11-03T12:00:00Z', '2018-11-05T12:00:00Z'],
      runs: ['2018-11-04 2018-11-04T03:00:00.000Z', '2018-11-05 2018-11-05T02:00:00.000Z'],
    },
    {
      title: 'a gap over midnight (Toronto, 1919) keeps the run of the last hour, on its own day',
      schedule: at('America/Toronto', '23:45'),
      window: ['1919-03-31T04:30:00Z', '1919-03-31T12:00:00Z'],
      runs: ['1919-03-30 1919-03-31T04:30:00.000Z'],
    },
    {
      title: 'the leap day, on a Thursday',
      schedule: at('UTC', '09:15', ['thu']),
      window: ['2024-02-23T00:00:00Z', '2024-03-08T00:00:00Z'],
      runs: ['2024-02-29 2024-02-29T09:15:00.000Z', '2024-03-07 2024-03-07T09:15:00.000Z'],
    },
    {
      title: 'the turn of a year that has no 29 February',
      schedule: at('Asia/Kolkata', '23:59'),
      window: ['2025-12-31T00:00:00Z', '2026-01-01T23:00:00Z'],
      runs: ['2025-12-31 2025-12-31T18:29:00.000Z', '2026-01-01 2026-01-01T18:29:00.000Z'],
    },
    {
      title: 'from is in, to is not',
      schedule: at('UTC', '09:15'),
      window: ['2026-11-20T09:15:00Z', '2026-11-22T09:15:00Z'],
      runs: ['2026-11-20 2026-11-20T09:15:00.000Z', '2026-11-21 2026-11-21T09:15:00.000Z'],
    },
    {
      title: 'an empty window',
      schedule: at('UTC', '09:15'),
      window: ['2026-11-20T09:15:00Z', '2026-11-20T09:15:00Z'],
      runs: [],
    },
  ])('hold by hand: $title', ({ schedule, window, runs }) => {
    expect(due(schedule, window[0]!, window[1]!)).toEqual(runs);
  });
});
