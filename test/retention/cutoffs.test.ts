import { describe, expect, it } from 'vitest';
import { cutoffs } from '../../src/retention/cutoffs.ts';

describe('what is kept for some months', () => {
  it.each([
    ['2026-11-22T15:00:00.000Z', 24, '2024-11-22T15:00:00.000Z', '2024-11-01T00:00:00.000Z'],
    ['2026-03-31T10:00:00.000Z', 1, '2026-02-28T10:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    ['2024-03-31T00:00:00.000Z', 1, '2024-02-29T00:00:00.000Z', '2024-02-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00.000Z', 13, '2024-12-01T00:00:00.000Z', '2024-12-01T00:00:00.000Z'],
  ])('at %s and for %i months starts at %s, and the history at the month’s start', (now, months, day, month) => {
    const limits = cutoffs({ history: months, runs: months, quarantine: months }, new Date(now));
    expect([limits.runs.toISOString(), limits.quarantine.toISOString(), limits.history.toISOString()]).toEqual([day, day, month]);
  });
});
