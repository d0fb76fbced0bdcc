import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { coerced, columnOf, datasetOf, validate, type TestCell } from '../harness.ts';

const typeError = { code: 'type-error' };
const outOfRange = { code: 'out-of-range' };
type Case = [cell: TestCell, expected: string | null | { code: string }];
const titled = (cases: readonly Case[]) =>
  cases.map(([cell, expected]) => ({
    name: typeof cell === 'string' ? cell : `${cell.kind} ${String(cell.bytes)}`,
    cell,
    expected,
  }));

describe('a date column reads', () => {
  const cases: Case[] = [
    ['22/11/2026', '2026-11-22'],
    ['9/6/2022', '2022-06-09'],
    ['09/6/2022', '2022-06-09'],
    ['2021-06-30', '2021-06-30'],
    ['03/08/2026 00:00:00', '2026-08-03'],
    ['03/08/2026 00:00', '2026-08-03'],
    ['2021-06-30 00:00:00', '2021-06-30'],
    ['2021-06-30T00:00:00', '2021-06-30'],
    ['2021-06-30T00:00:00.000', '2021-06-30'],
    [' 22/11/2026\u00a0', '2026-11-22'],
    ['03/08/2026 09:15:00', typeError],
    ['03/08/2026 00:00:01', typeError],
    ['2021-06-30T00:00:00Z', typeError],
    ['29/02/2024', '2024-02-29'],
    ['29/02/2023', typeError],
    ['29/02/1900', typeError],
    ['29/02/2000', '2000-02-29'],
    ['31/04/2026', typeError],
    ['00/01/2026', typeError],
    ['01/00/2026', typeError],
    ['01/13/2026', typeError],
    ['2026-13-01', typeError],
    ['2026-02-30', typeError],
    ['20/06/0011', '0011-06-20'],
    ['01/01/0001', '0001-01-01'],
    ['30/05/3012', '3012-05-30'],
    ['31/12/9999', '9999-12-31'],
    ['01/01/0000', outOfRange],
    ['0000-01-01', outOfRange],
    ['01/01/10000', typeError],
    ['22/11/26', typeError],
    ['22-11-2026', typeError],
    ['2026/11/22', typeError],
    ['20261122', typeError],
    ['11', typeError],
    ['ab/cd/efgh', typeError],
    ['1a/11/2026', typeError],
    ['22/11/2026x', typeError],
    ['22/11/2026'.padEnd(5000, '0'), typeError],
    ['', null],
    ['-', null],
    [{ kind: 'date', bytes: '2026-11-22' }, '2026-11-22'],
    [{ kind: 'date', bytes: '2026-11-22T00:00:00' }, '2026-11-22'],
    [{ kind: 'date', bytes: '2026-11-22T09:15:00' }, typeError],
    [{ kind: 'date', bytes: '09:15:00' }, typeError],
    [{ kind: 'number', bytes: '45000' }, typeError],
    [{ kind: 'roundedNumber', bytes: '12345678901234500' }, typeError],
    [{ kind: 'boolean', bytes: 'true' }, typeError],
  ];
  test.each(titled(cases))('$name as $expected', ({ cell, expected }) => expect(coerced('date', cell)).toEqual(expected));
});

describe('a timestamp column reads', () => {
  const cases: Case[] = [
    ['22/11/2026', '2026-11-22T00:00:00'],
    ['2026-11-22', '2026-11-22T00:00:00'],
    ['22/11/2026 09:15', '2026-11-22T09:15:00'],
    ['9/6/2022 9:05', '2022-06-09T09:05:00'],
    ['15/09/2026 06:34:05', '2026-09-15T06:34:05'],
    ['2026-11-22T23:59:59.999999', '2026-11-22T23:59:59.999999'],
    ['2026-11-22 10:00:00.250000', '2026-11-22T10:00:00.25'],
    ['2026-11-22 10:00:00.000', '2026-11-22T10:00:00'],
    ['2026-11-22 10:00:00.1234567', typeError],
    ['2026-11-22T10:00:00Z', typeError],
    ['2026-11-22T10:00:00-03:00', typeError],
    ['2026-11-22 24:00:00', typeError],
    ['2026-11-22 23:60:00', typeError],
    ['2026-11-22 23:59:60', typeError],
    ['2026-11-22 10', typeError],
    ['31/02/2026 10:00:00', typeError],
    ['01/01/0000 10:00:00', outOfRange],
    ['10:00:00', typeError],
    [{ kind: 'date', bytes: '2026-11-22T09:15:00' }, '2026-11-22T09:15:00'],
    [{ kind: 'date', bytes: '2026-11-22' }, '2026-11-22T00:00:00'],
    [{ kind: 'date', bytes: '09:15:00' }, typeError],
    [{ kind: 'number', bytes: '45000.5' }, typeError],
    ['', null],
  ];
  test.each(titled(cases))('$name as $expected', ({ cell, expected }) => expect(coerced('timestamp', cell)).toEqual(expected));
});

describe('any day', () => {
  const two = (n: number) => String(n).padStart(2, '0');
  const four = (n: number) => String(n).padStart(4, '0');

  it('is a date just when it is in the calendar of an oracle', () => {
    const parts = fc.tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }));
    fc.assert(
      fc.property(parts, ([year, month, day]) => {
        const date = new Date(0);
        date.setUTCFullYear(year, month - 1, day);
        const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        const expected = exists ? `${four(year)}-${two(month)}-${two(day)}` : typeError;
        expect(coerced('date', `${two(day)}/${two(month)}/${four(year)}`)).toEqual(expected);
        expect(coerced('date', `${day}/${month}/${four(year)}`)).toEqual(expected);
        expect(coerced('date', `${four(year)}-${two(month)}-${two(day)}`)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('absurd dates', () => {
  it('are kept, and counted by column', () => {
    const dataset = datasetOf([columnOf('id'), columnOf('start', 'date'), columnOf('at', 'timestamp')]);
    const outcome = validate(
      dataset,
      ['id', 'start', 'at'],
      [
        ['1', '31/12/1899', '01/01/2101 10:00'],
        ['2', '01/01/1900', '31/12/2100 10:00'],
        ['3', '20/06/0011', ''],
      ],
    );
    expect(outcome.records.map((record) => record['start'])).toEqual(['1899-12-31', '1900-01-01', '0011-06-20']);
    expect(outcome.totals.absurdDates).toEqual({ at: 1, start: 2 });
  });
});
