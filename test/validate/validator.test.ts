import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Dataset } from '../../src/core/dataset.ts';
import { codesOf, columnOf, datasetOf, formatOf, validate, type Options, type TestCell } from './harness.ts';

const header = ['id', 'name', 'value', 'day'];
const dataset = datasetOf([
  columnOf('id', 'integer'),
  columnOf('name'),
  columnOf('value', 'decimal(10,2)', { minimum: 0 }),
  columnOf('day', 'date'),
]);
const good = ['1', 'a', '1,5', '22/11/2026'];

describe('a row', () => {
  it('becomes a record of canonical texts with its row number', () => {
    const outcome = validate(dataset, header, [good, ['2', '', '', '']]);
    expect(outcome.records).toEqual([
      { day: '2026-11-22', id: '1', name: 'a', value: '1.50' },
      { day: null, id: '2', name: null, value: null },
    ]);
    expect(outcome.recordRows).toEqual([2, 3]);
    expect(outcome.totals).toMatchObject({ read: 2, records: 2, filtered: 0, rejected: 0, blankRows: 0, footerRows: 0 });
  });

  it('that is bad becomes a reject with every error, its raw cells and its key', () => {
    const raw = ['7', 'a\u0000', '1,555', '31/02/2026'];
    const outcome = validate({ ...dataset, requiredValues: ['id', 'name'] }, header, [raw, good]);
    expect(outcome.rejects).toEqual([
      {
        rowNumber: 2,
        cells: raw,
        key: ['7'],
        errors: [
          { code: 'type-error', column: 'day', value: '31/02/2026', message: expect.stringContaining('dd/mm/yyyy') as string },
          { code: 'character-invalid', column: 'name', value: 'a\u0000', message: expect.any(String) as string },
          {
            code: 'scale-exceeded',
            column: 'value',
            value: '1,555',
            message: expect.stringContaining('decimal(10,2)') as string,
          },
        ],
      },
    ]);
    expect(outcome.totals).toMatchObject({ read: 2, records: 1, rejected: 1 });
  });

  it('finds errors of cells, blanks and rules together', () => {
    const outcome = validate({ ...dataset, requiredValues: ['id', 'name'] }, header, [['x', ' ', '-1', '99/99/9999']]);
    expect(codesOf(outcome)).toEqual([['type-error:day', 'type-error:id', 'value-required:name', 'minimum:value']]);
    expect(outcome.rejects[0]!.key).toBeNull();
  });

  it('never repeats a cell in a message, which may be personal data', () => {
    const secret = '123.456.789-00 Maria';
    const strict = datasetOf([
      columnOf('id'),
      columnOf('cpf', 'text', { format: 'cpf', maxLength: 3, enum: ['a'], pattern: '^x' }),
      columnOf('n', 'integer'),
    ]);
    const outcome = validate(strict, ['id', 'cpf', 'n'], [['1', secret, secret]]);
    expect(outcome.rejects[0]!.errors).toHaveLength(5);
    for (const { message, value } of outcome.rejects[0]!.errors) {
      expect(message).not.toContain('Maria');
      expect(value).toBe(secret);
    }
  });

  it('of white space alone is blank, and is not data', () => {
    const outcome = validate(dataset, header, [good, ['', ' ', '\u00a0', '\t'], [''], [], ['2', '', '', '']]);
    expect(outcome.totals).toMatchObject({ read: 2, records: 2, blankRows: 3 });
  });

  it('of null words is not blank', () => {
    const outcome = validate(dataset, header, [good, ['-', '-', '-', '-'], good]);
    expect(codesOf(outcome)).toEqual([['key-missing:id']]);
    expect(outcome.totals).toMatchObject({ read: 3, rejected: 1, blankRows: 0 });
  });

  it('keeps hundreds of values apart that are not in the file as they stand', () => {
    const names = Array.from({ length: 400 }, (_, index) => `v${index}`);
    const wide = datasetOf([columnOf('id'), ...names.map((name) => columnOf(name, 'decimal(18,2)'))]);
    const row = ['1', ...names.map((_, index) => `${index}000000,5`)];
    for (const record of validate(wide, ['id', ...names], [row, row]).records) {
      expect(Object.values(record).filter((value) => /^\d+\.50$/.test(value!))).toHaveLength(400);
      expect(record).toMatchObject({ v1: '1000000.50', v399: '399000000.50' });
    }
  });

  it('has NULL in a declared column that the file lacks', () => {
    const outcome = validate({ ...dataset, requiredValues: [] }, ['name', 'id'], [['a', '1']]);
    expect(outcome.records).toEqual([{ day: null, id: '1', name: 'a', value: null }]);
    const required = validate({ ...dataset, requiredValues: ['id', 'day'] }, ['name', 'id'], [['a', '1']]);
    expect(codesOf(required)).toEqual([['value-required:day']]);
  });
});

describe('the structure of a row', () => {
  const cases: [name: string, row: TestCell[], codes: string[], options?: Options][] = [
    ['too short', ['1', 'a', '1'], ['row-short']],
    ['too short, and wrong in its cells as well', ['x', 'a'], ['row-short']],
    ['too long', [...good, 'more'], ['row-long']],
    ['longer by blank cells', [...good, '', ' '], []],
    ['longer by a blank and a filled cell', [...good, '', 'x'], ['row-long']],
    ['short in a ragged table', ['1', 'a'], [], { isRagged: true }],
    ['long in a ragged table', [...good, 'more'], [], { isRagged: true }],
    ['with text after a closing quote', good, ['quote-malformed'], { malformed: [0] }],
    ['short and with text after a closing quote', ['1', 'a'], ['quote-malformed'], { malformed: [0] }],
  ];
  test.each(cases)('is judged: %s', (_, row, codes, options) => {
    const outcome = validate(dataset, header, [row], options);
    expect(codesOf(outcome).flat()).toEqual(codes);
    expect(outcome.rejects).toMatchObject(codes.map((code) => ({ key: null, errors: [{ code, column: null, value: null }] })));
  });

  it('counts the cells in its message', () => {
    expect(validate(dataset, header, [['1', 'a']]).rejects[0]!.errors[0]!.message).toBe('the row has 2 cells, the header 4');
  });

  it('does not mind the lack of cells that have no name', () => {
    const outcome = validate(
      dataset,
      [...header, '', ' '],
      [good, [...good, '*'], [...good, '*', '*'], [...good, '', '', 'x'], ['1', '2', '3']],
    );
    expect(codesOf(outcome)).toEqual([['row-long'], ['row-short']]);
  });

  it('is not trusted when a row ends before its key: a file cut off in its last line has no footer', () => {
    const last = datasetOf([columnOf('name'), columnOf('id', 'integer')], {
      key: ['id'],
      requiredColumns: ['id'],
      requiredValues: ['id'],
    });
    const outcome = validate(last, ['name', 'id'], [['a', '1'], ['b', '2'], ['c']]);
    expect(codesOf(outcome)).toEqual([['row-short']]);
    expect(outcome.totals).toMatchObject({ read: 3, footerRows: 0 });
  });
});

describe('a composite key', () => {
  const pair = datasetOf([columnOf('a'), columnOf('b', 'integer'), columnOf('c')], { key: ['a', 'b'], requiredValues: [] });
  const names = ['a', 'b', 'c'];

  it('may have NULL as a part', () => {
    const outcome = validate(pair, names, [
      ['1', '', 'x'],
      ['', '2', 'y'],
    ]);
    expect(outcome.totals).toMatchObject({ records: 2, rejected: 0 });
  });

  it('is missing when every part is blank', () => {
    const outcome = validate(pair, names, [
      ['1', '1', 'x'],
      ['', '-', 'y'],
      ['2', '2', 'z'],
    ]);
    expect(outcome.rejects).toMatchObject([{ key: null, errors: [{ code: 'key-missing', column: null, value: null }] }]);
    const required = validate({ ...pair, requiredValues: ['a', 'b', 'c'] }, names, [
      ['1', '1', 'x'],
      ['', '', ''],
      ['', '-', '-'],
      ['2', '2', 'z'],
    ]);
    expect(codesOf(required)).toEqual([['key-missing', 'value-required:c']]);
  });

  it('is refused with a blank part where that is required', () => {
    const outcome = validate({ ...pair, requiredValues: ['a', 'b'] }, names, [['1', '', 'x']]);
    expect(codesOf(outcome)).toEqual([['value-required:b']]);
    expect(outcome.rejects[0]!.key).toEqual(['1', null]);
  });

  it('is known when it breaks a rule: such a key has not vanished', () => {
    const strict = datasetOf([columnOf('a', 'text', { maxLength: 1 }), columnOf('c')]);
    const outcome = validate(strict, ['a', 'c'], [['12', 'x']]);
    expect(outcome.rejects).toMatchObject([{ key: ['12'], errors: [{ code: 'maxLength' }] }]);
  });

  it('is unknown when a part cannot be read', () => {
    const outcome = validate(pair, names, [['1', 'x', 'y']]);
    expect(outcome.rejects[0]!.key).toBeNull();
  });
});

describe('key: content', () => {
  it('has no key, no footer, and no row without a key', () => {
    const content = datasetOf([columnOf('a'), columnOf('v', 'decimal(10,2)')], { key: 'content' });
    const outcome = validate(
      content,
      ['a', 'v'],
      [
        ['x', '1'],
        ['', '1'],
        ['', ''],
      ],
    );
    expect(outcome.records).toHaveLength(2);
    expect(outcome.totals).toMatchObject({ read: 2, blankRows: 1, footerRows: 0, controlTotals: [] });
  });
});

describe('any table', () => {
  const cell = fc.constantFrom('', ' ', '-', '1', '2', 'a', '1,5', '2026', '#N/D', '22/11/2026', 'x\u0000');
  const rows = fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 40 });
  const setting = fc.record({
    rows,
    isRagged: fc.boolean(),
    isFiltered: fc.boolean(),
    hasContentKey: fc.boolean(),
    footer: fc.constantFrom('auto' as const, 'none' as const),
    malformed: fc.array(fc.nat(40), { maxLength: 3 }),
    batchRows: fc.integer({ min: 1, max: 50 }),
  });

  it('gives read = records + filtered + rejected, each of which reached the sink, in blocks of any size', () => {
    fc.assert(
      fc.property(setting, ({ rows, isRagged, isFiltered, hasContentKey, footer, malformed, batchRows }) => {
        const changed: Dataset = {
          ...dataset,
          key: hasContentKey ? 'content' : ['id'],
          where: isFiltered ? [{ column: 'value', keywords: { minimum: 1 } }] : [],
          format: formatOf({ footer }),
        };
        const whole = validate(changed, header, rows, { isRagged, malformed });
        const { totals } = whole;
        expect(totals.records + totals.filtered + totals.rejected).toBe(totals.read);
        expect(totals.read + totals.blankRows + totals.footerRows).toBe(rows.length);
        expect([whole.records.length, whole.filtered.length, whole.rejects.length]).toEqual([
          totals.records,
          totals.filtered,
          totals.rejected,
        ]);
        expect(validate(changed, header, rows, { isRagged, malformed, batchRows })).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });
});
