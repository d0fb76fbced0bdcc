import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/core/dataset.ts';
import { codesOf, columnOf, datasetOf, validate } from './harness.ts';

describe('where', () => {
  const filtered = (keywords: Dataset['where'][number]['keywords'], column = 'year'): Dataset =>
    datasetOf([columnOf('id', 'integer'), columnOf('year', 'integer'), columnOf('value', 'decimal(10,2)')], {
      where: [{ column, keywords }],
    });
  const names = ['id', 'year', 'value'];

  it('lets rows through by canonical value, and hands on the keys of the others', () => {
    const outcome = validate(filtered({ enum: [2025, 2026] }), names, [
      ['1', '2025', ''],
      ['02', '2024', ''],
      ['3', '02026,0', ''],
    ]);
    expect(outcome.records.map(({ id }) => id)).toEqual(['1', '3']);
    expect(outcome.filtered).toEqual([{ key: ['2'], rowNumber: 3 }]);
    expect(outcome.totals).toMatchObject({ read: 3, records: 2, filtered: 1, rejected: 0 });
  });

  it('comes before everything else: what it stops is neither validated nor rejected', () => {
    const outcome = validate(filtered({ enum: [2026] }), names, [
      ['1', '2024', 'abc'],
      ['x', '2024', ''],
      ['1', '2024', '', 'long'],
    ]);
    expect(outcome.totals).toMatchObject({ read: 3, filtered: 3, rejected: 0 });
    expect(outcome.filtered.map(({ key }) => key)).toEqual([['1'], null, null]);
    expect(outcome.totals.errorCells).toEqual({});
  });

  it('does not let NULL through unless its enum lists null', () => {
    const rows = [
      ['1', '', ''],
      ['2', '-', ''],
      ['3', '#N/D', ''],
    ];
    expect(validate(filtered({ enum: [2026] }), names, rows).totals.filtered).toBe(3);
    expect(validate(filtered({ minimum: 2000 }), names, rows).totals.filtered).toBe(3);
    expect(validate(filtered({ enum: [2026, null] }), names, rows).totals.records).toBe(3);
    expect(validate(filtered({ enum: [null] }), names, [...rows, ['4', '2026', '']]).totals).toMatchObject({
      records: 3,
      filtered: 1,
    });
  });

  it('makes a reject of a value that it cannot read', () => {
    const outcome = validate(filtered({ enum: [2026] }), names, [['1', 'abc', '']]);
    expect(codesOf(outcome)).toEqual([['type-error:year']]);
  });

  it('makes a reject of a row that ends before the cell it names', () => {
    const outcome = validate(filtered({ enum: [2026] }), names, [['1']]);
    expect(codesOf(outcome)).toEqual([['row-short']]);
  });

  it('takes all its columns together', () => {
    const both = {
      ...filtered({ enum: [2026] }),
      where: [
        { column: 'year', keywords: { enum: [2026] } },
        { column: 'value', keywords: { minimum: 10 } },
      ],
    };
    const outcome = validate(both, names, [
      ['1', '2026', '9,99'],
      ['2', '2026', '10'],
      ['3', '2025', '10'],
    ]);
    expect(outcome.records.map(({ id }) => id)).toEqual(['2']);
  });
});
