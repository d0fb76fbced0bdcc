import { describe, expect, it } from 'vitest';
import { dayIn, isDay } from '../../src/core/business-date.ts';

describe('the day of a moment', () => {
  it.each([
    ['America/Sao_Paulo', '2026-11-22T02:59:59Z', '2026-11-21'],
    ['America/Sao_Paulo', '2026-11-22T03:00:00Z', '2026-11-22'],
    ['UTC', '2026-11-22T02:59:59Z', '2026-11-22'],
    ['America/Noronha', '2026-11-22T02:00:00Z', '2026-11-22'],
    ['Asia/Tokyo', '2026-12-31T15:00:00Z', '2027-01-01'],
    ['America/Sao_Paulo', '2027-01-01T01:00:00Z', '2026-12-31'],
  ])('in %s at %s is %s', (timezone, moment, day) => {
    expect(dayIn(timezone, new Date(moment))).toBe(day);
  });
});

describe('a day', () => {
  it.each([
    ['2026-11-22', true],
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2026-11-31', false],
    ['2026-13-01', false],
    ['2026-00-10', false],
    ['2026-1-1', false],
    ['22/11/2026', false],
    ['2026-11-22T00:00:00', false],
    [' 2026-11-22', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(isDay(text)).toBe(expected);
  });
});
