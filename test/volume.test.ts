import { describe, expect, it } from 'vitest';
import type { Dataset } from '../src/core/dataset.ts';
import { compareVolume } from '../src/volume.ts';

const tolerance = (volumeTolerancePercent: number) => ({ volumeTolerancePercent }) as Dataset;

describe('the volume of a dataset', () => {
  it.each([
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
      expect(compareVolume(tolerance(percent), previous, current, floor)).toEqual({
        previous,
        change_percent: change,
        tolerance_percent: percent,
        verdict,
      });
    },
  );
});
