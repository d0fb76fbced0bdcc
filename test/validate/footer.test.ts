import { describe, expect, it, test } from 'vitest';
import { codesOf, columnOf, datasetOf, formatOf, validate, type TestCell } from './harness.ts';

const dataset = datasetOf([
  columnOf('id', 'integer'),
  columnOf('name'),
  columnOf('value', 'decimal(18,2)'),
  columnOf('other', 'decimal(18,2)'),
]);
const header = ['id', 'name', 'value', 'other'];
const keyed = (count: number): TestCell[][] => Array.from({ length: count }, (_, index) => [String(index + 1), 'a', '1,10', '']);
const keyless = (count: number): TestCell[][] => Array.from({ length: count }, () => ['', 'Total', '', '']);
const blank: TestCell[] = ['', '', '', ''];

describe('rows without a key at the end', () => {
  const cases: [name: string, rows: TestCell[][], footerRows: number, rejected: number][] = [
    ['none', keyed(3), 0, 0],
    ['one', [...keyed(3), ...keyless(1)], 1, 0],
    ['one after blank rows', [...keyed(3), blank, ...keyless(1), blank, ...keyless(1)], 2, 0],
    ['a hundred', [...keyed(150), ...keyless(100)], 100, 0],
    ['a hundred and one', [...keyed(150), ...keyless(101)], 0, 101],
    ['three hundred', [...keyed(400), ...keyless(300)], 0, 300],
    ['one fewer than those with a key', [...keyed(3), ...keyless(2)], 2, 0],
    ['as many as those with a key', [...keyed(3), ...keyless(3)], 0, 3],
    ['more than those with a key', [...keyed(1), ...keyless(3)], 0, 3],
    ['no row with a key at all', keyless(5), 0, 5],
    ['before a row with a key', [...keyed(3), ...keyless(2), ...keyed(1)], 0, 2],
    ['before and after a row with a key', [...keyed(5), ...keyless(1), ...keyed(1), ...keyless(2)], 2, 1],
    ['too many between, and a footer', [...keyed(150), ...keyless(120), ...keyed(1), ...keyless(3)], 3, 120],
  ];
  test.each(cases)('%s', (_, rows, footerRows, rejected) => {
    const outcome = validate(dataset, header, rows, { batchRows: 7 });
    const blanks = rows.filter((row) => row === blank).length;
    expect(outcome.totals).toMatchObject({ footerRows, rejected, blankRows: blanks, read: rows.length - blanks - footerRows });
    expect(codesOf(outcome)).toEqual(Array.from({ length: rejected }, () => ['key-missing:id']));
  });

  it('are all rejects with footer: none', () => {
    const outcome = validate({ ...dataset, format: formatOf({ footer: 'none' }) }, header, [...keyed(3), ...keyless(1)]);
    expect(outcome.totals).toMatchObject({ footerRows: 0, rejected: 1, controlTotals: [] });
  });

  it('keep cells, row number and other errors when they are rejects', () => {
    const outcome = validate(dataset, header, [...keyed(2), ['', 'b', 'abc', '1'], ...keyed(1)], { batchRows: 1 });
    expect(outcome.rejects).toMatchObject([{ rowNumber: 4, cells: ['', 'b', 'abc', '1'], key: null }]);
    expect(codesOf(outcome)).toEqual([['key-missing:id', 'type-error:value']]);
    expect(outcome.rejects[0]!.errors[0]).toMatchObject({ value: '' });
  });

  it('are not the filter’s: it would hide them', () => {
    const filtered = { ...dataset, where: [{ column: 'value', keywords: { minimum: 1 } }] };
    const outcome = validate(filtered, header, [...keyed(2), ...keyless(1), ...keyed(1)]);
    expect(outcome.totals).toMatchObject({ filtered: 0, rejected: 1, records: 3 });
  });

  it('count keys that the filter stops as keys', () => {
    const filtered = { ...dataset, where: [{ column: 'value', keywords: { minimum: 100 } }] };
    const outcome = validate(filtered, header, [...keyed(3), ['', 'Total', '3,30', '']]);
    expect(outcome.totals).toMatchObject({ filtered: 3, footerRows: 1, rejected: 0 });
    expect(outcome.totals.controlTotals).toEqual([{ column: 'value', file: '3.30', computed: '3.30', match: true }]);
  });
});

describe('the control total', () => {
  it('is every number that the footer’s first row holds in a decimal column', () => {
    const rows = [
      ['1', 'a', '1.000,10', '-1'],
      ['2', 'b', '', '2,5'],
      ['3', 'c', '-', ''],
      ['', 'Total', ' 1.000,10 ', '1,51'],
      ['', 'Contagem', '2', '2'],
    ];
    expect(validate(dataset, header, rows).totals.controlTotals).toEqual([
      { column: 'other', file: '1.51', computed: '1.50', match: false },
      { column: 'value', file: '1000.10', computed: '1000.10', match: true },
    ]);
  });

  it('leaves out cells of the footer that hold no number', () => {
    const rows = [...keyed(3), ['', '1,10', 'abc', '-']];
    expect(validate(dataset, header, rows).totals.controlTotals).toEqual([]);
  });

  it('is exact to the cent beyond 2^53', () => {
    const big = '90.071.992.547.409,93';
    const rows = [
      ...Array.from({ length: 300 }, (_, index) => [String(index), '', big, '-90071992547409,93']),
      ['', '', '27.021.597.764.222.979,00', '-27021597764222979,01'],
    ];
    expect(validate(dataset, header, rows).totals.controlTotals).toEqual([
      { column: 'other', file: '-27021597764222979.01', computed: '-27021597764222979.00', match: false },
      { column: 'value', file: '27021597764222979.00', computed: '27021597764222979.00', match: true },
    ]);
  });

  it('may be too large for the column', () => {
    const small = datasetOf([columnOf('id'), columnOf('value', 'decimal(3,2)')]);
    const rows = [
      ['1', '9,99'],
      ['2', '9,99'],
      ['', '19,98'],
    ];
    expect(validate(small, ['id', 'value'], rows).totals.controlTotals).toEqual([
      { column: 'value', file: '19.98', computed: '19.98', match: true },
    ]);
  });

  it('is over rejected rows too, and over numbers that do not fit their column', () => {
    const strict = datasetOf([columnOf('id', 'integer'), columnOf('value', 'decimal(3,2)', { minimum: 0 })]);
    const rows = [
      ['1', '1,00'],
      ['x', '1,00'],
      ['3', '-1,00'],
      ['4', '1,005'],
      ['5', '1.000,00'],
      ['6', 'abc'],
      ['', '1.002,005'],
    ];
    const { totals } = validate(strict, ['id', 'value'], rows);
    expect(totals).toMatchObject({ records: 1, rejected: 5, footerRows: 1 });
    expect(totals.controlTotals).toEqual([{ column: 'value', file: '1002.005', computed: '1002.005', match: true }]);
  });

  it('is over filtered rows too, whose numbers may not fit', () => {
    const filtered = datasetOf([columnOf('id', 'integer'), columnOf('ok', 'boolean'), columnOf('value', 'decimal(3,2)')], {
      where: [{ column: 'ok', keywords: { enum: [true] } }],
    });
    const rows = [
      ['1', 'sim', '1'],
      ['2', 'não', '2'],
      ['3', 'não', '1.000'],
      ['4', 'não', 'x'],
      ['5', 'não', '12,5'],
      ['', '', '16,5'],
    ];
    expect(validate(filtered, ['id', 'ok', 'value'], rows).totals.controlTotals).toEqual([
      { column: 'value', file: '16.50', computed: '16.50', match: true },
    ]);
  });

  it('is exact to the cent where many short numbers add up beyond 2^53', () => {
    const rows = Array.from({ length: 301 }, (_, index) => [String(index), '', '999999999999,99', '-999999999999,99']);
    const total = '300999999999996.99';
    expect(validate(dataset, header, [...rows, ['', '', total, `-${total}`]]).totals.controlTotals).toEqual([
      { column: 'other', file: `-${total}`, computed: `-${total}`, match: true },
      { column: 'value', file: total, computed: total, match: true },
    ]);
  });

  test.each(['3.30000000000001', '3.29999999999999', '3.3'])(
    'forgives the noise of a workbook’s sum, which is a double: %s',
    (bytes) => {
      const rows = [...keyed(3), ['', '', { kind: 'number', bytes } as const, '']];
      const { controlTotals } = validate(dataset, header, rows, { isRagged: true }).totals;
      expect(controlTotals).toEqual([{ column: 'value', file: '3.30', computed: '3.30', match: true }]);
    },
  );

  it('does not count the error cells of the footer', () => {
    expect(validate(dataset, header, [...keyed(2), ['', '', '#REF!', '']]).totals.errorCells).toEqual({});
  });
});
