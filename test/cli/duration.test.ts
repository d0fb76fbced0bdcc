import { describe, expect, it } from 'vitest';
import { duration } from '../../src/cli/commands/duration.ts';

describe('a duration', () => {
  it.each([
    ['1s', 1_000],
    ['90m', 5_400_000],
    ['2h', 7_200_000],
    ['1h30m', 5_400_000],
    ['1h0m5s', 3_605_000],
    ['24h', 86_400_000],
  ])('is read from %s', (text, ms) => {
    expect(duration(text)).toEqual({ text, ms });
  });

  it.each(['', '0s', '0h', '90', 'soon', '25h', '1440m1s', '1m1h', '-5m', '1.5h', '5 m', '2H', '99999999s'])(
    'is not "%s"',
    (text) => {
      expect(() => duration(text)).toThrow(/from 1s to 24h/);
    },
  );
});
