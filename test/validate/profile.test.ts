import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnProfile, Profile } from '../../src/core/report.ts';
import { joinProfiles } from '../../src/validate/profile.ts';
import { columnOf, datasetOf, validate, type TestCell } from './harness.ts';

const header = ['id', 'ano', 'valor', 'nome', 'dia'];
const dataset = datasetOf([
  columnOf('id'),
  columnOf('ano', 'integer'),
  columnOf('valor', 'decimal(18,2)', { maximum: 1e12 }),
  columnOf('nome'),
  columnOf('dia', 'date'),
]);
const profileOf = (rows: TestCell[][], batchRows = 3) => validate(dataset, header, rows, { batchRows }).totals.profile;

const text = (filled: number): ColumnProfile => ({ filled, nonzero: null, absolute_sum: null });
const number = (filled: number, nonzero: number, absolute_sum: number): ColumnProfile => ({ filled, nonzero, absolute_sum });

describe('the profile of a file', () => {
  it.each<[string, TestCell[][], Partial<Profile['columns']>]>([
    [
      'counts values, not rows',
      [
        ['1', '', '', 'a', '-'],
        ['2', '', '', 'NULL', '01/01/2026'],
      ],
      { nome: text(1), dia: text(1) },
    ],
    [
      'tells zero from blank',
      [
        ['1', '0', '0,00', '', ''],
        ['2', '', '', '', ''],
      ],
      { ano: number(1, 0, 0), valor: number(1, 0, 0) },
    ],
    [
      'leaves out signs',
      [
        ['1', '-5', '-0,25', '', ''],
        ['2', '3', '0,5', '', ''],
      ],
      { ano: number(2, 2, 8), valor: number(2, 2, 0.75) },
    ],
    [
      'reads what was coerced',
      [
        ['1', '007', '1.234,5', '', ''],
        ['2', '+7', 'R$ 1', '', ''],
      ],
      {},
    ],
    [
      'counts numbers of 16 digits and more',
      [['1', '9007199254740993', '', '', '']],
      { ano: number(1, 1, 9_007_199_254_740_992), valor: number(0, 0, 0) },
    ],
    ['counts a spreadsheet’s numbers', [['1', { kind: 'number', bytes: '2025' }, { kind: 'number', bytes: '1.5' }]], {}],
    ['takes an error cell for a blank', [['1', '#N/D', '#REF!', '#VALOR!', '']], { ano: number(0, 0, 0), nome: text(0) }],
  ])('%s', (_, rows, expected) => {
    const profile = profileOf(rows);
    expect(profile.columns).toMatchObject(expected);
    expect(profile).toEqual(naiveProfile(rows));
  });

  it('is of the records alone: rejects, filtered rows and the footer say nothing', () => {
    const rows = [
      ['1', '2025', '1,00', 'a', ''],
      ['2', '2025', 'abc', 'b', ''],
      ['3', '2026', '5,00', 'c', ''],
      ['', '', '6,00', '', ''],
    ];
    const filtered = { ...dataset, where: [{ column: 'ano', keywords: { enum: [2025] } }] };
    const { totals } = validate(filtered, header, rows);
    expect(totals).toMatchObject({ read: 3, records: 1, rejected: 1, filtered: 1, footerRows: 1 });
    expect(totals.profile).toEqual({
      records: 1,
      columns: { id: text(1), ano: number(1, 1, 2025), valor: number(1, 1, 1), nome: text(1), dia: text(0) },
    });
  });

  it('has the columns of a dataset without a declared type, and no numbers', () => {
    const loose = datasetOf([columnOf('id')], { unknownColumns: 'text' });
    expect(validate(loose, ['id', 'Valor'], [['1', '5']]).totals.profile).toEqual({
      records: 1,
      columns: { id: text(1), valor: text(1) },
    });
  });

  it('is what a naive count says of any rows, in any batches', () => {
    const blank = fc.constantFrom('', '-', '#N/D', 'x');
    const whole = fc.oneof(fc.constantFrom('0', '007'), fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map(String), blank);
    const decimal = fc.oneof(
      fc.constantFrom('0,00', '1.234,56'),
      fc.double({ min: -1e13, max: 1e12, noNaN: true }).map((value) => value.toFixed(2).replace('.', ',')),
      fc.integer({ min: -999, max: 999 }).map((value) => String(value / 4)),
      blank,
    );
    const day = fc.constantFrom('', '31/12/2025', '2026-01-01');
    const id = fc.constantFrom('1', '2', '3', '');
    const rows = fc.array(fc.tuple(id, whole, decimal, blank, day), { minLength: 1, maxLength: 12 });
    let records = 0;
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 5 }), (table, batchRows) => {
        const profile = profileOf(table, batchRows);
        records += profile.records;
        expect(rounded(profile)).toEqual(rounded(naiveProfile(table)));
      }),
      { numRuns: 300 },
    );
    expect(records).toBeGreaterThan(300);
  });
});

describe('the profile of several files', () => {
  it.each([1, 2, 3])('is that of their rows in one, cut after %i rows', (cut) => {
    const rows = [
      ['1', '1', '', 'a', ''],
      ['2', '', '-0,25', '', ''],
      ['3', '0', '2,5', 'c', '01/01/2026'],
      ['4', '5', '', '', ''],
    ];
    expect(joinProfiles([profileOf(rows.slice(0, cut)), profileOf(rows.slice(cut))])).toEqual(profileOf(rows));
  });

  it('is that of the only one', () => {
    const profile = profileOf([['1', '1', '', 'a', '']]);
    expect(joinProfiles([profile])).toEqual(profile);
  });
});

/** From the records as text, one value after the other. */
function naiveProfile(rows: TestCell[][]): Profile {
  const { records } = validate(dataset, header, rows);
  const columns = dataset.columns.map(({ name, type }) => {
    const values = records.map((record) => record[name]).filter((value) => value != null);
    if (type.kind !== 'integer' && type.kind !== 'decimal') return [name, text(values.length)] as const;
    const numbers = values.map((value) => Math.abs(Number(value)));
    const total = numbers.reduce((sum, value) => sum + value, 0);
    return [name, number(values.length, numbers.filter((value) => value !== 0).length, total)] as const;
  });
  return { records: records.length, columns: Object.fromEntries(columns) };
}

/** To nine digits: sums are approximate. */
function rounded({ records, columns }: Profile): object {
  const sums = Object.entries(columns).map(([name, column]) => [name, column.absolute_sum?.toPrecision(9)]);
  const counts = Object.entries(columns).map(([name, { filled, nonzero }]) => [name, { filled, nonzero }]);
  return { records, sums: Object.fromEntries(sums) as object, counts: Object.fromEntries(counts) as object };
}
