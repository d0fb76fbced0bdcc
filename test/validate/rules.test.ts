import { describe, expect, it, test } from 'vitest';
import type { Keywords } from '../../src/core/dataset.ts';
import { codesOf, columnOf, datasetOf, validate } from './harness.ts';

function codesFor(type: string, keywords: Keywords, text: string): string[] {
  const dataset = datasetOf([columnOf('id'), columnOf('value', type, keywords)]);
  return codesOf(validate(dataset, ['id', 'value'], [['1', text]]))
    .flat()
    .map((code) => code.replace(':value', ''));
}

describe('a keyword', () => {
  const cases: [type: string, keywords: Keywords, text: string, codes: string[]][] = [
    ['text', { enum: ['SIM', 'NÃO'] }, 'SIM', []],
    ['text', { enum: ['SIM', 'NÃO'] }, 'sim', ['enum']],
    ['text', { enum: ['2025'] }, '2025', []],
    ['integer', { enum: [2025, 2026] }, '2025', []],
    ['integer', { enum: [2025, 2026] }, '02025', []],
    ['integer', { enum: [2025, 2026] }, '2024', ['enum']],
    ['decimal(18,2)', { enum: [1.5] }, '1,50', []],
    ['decimal(18,2)', { enum: [1.5] }, '1,51', ['enum']],
    ['boolean', { enum: [true] }, 'sim', []],
    ['boolean', { enum: [true] }, 'não', ['enum']],
    ['date', { enum: ['2026-11-22'] }, '22/11/2026', []],
    ['date', { enum: ['2026-11-22'] }, '23/11/2026', ['enum']],
    ['decimal(18,2)', { minimum: 0 }, '0', []],
    ['decimal(18,2)', { minimum: 0 }, '-5,00', ['minimum']],
    ['decimal(18,2)', { minimum: 0.1 }, '0,10', []],
    ['decimal(18,2)', { minimum: 0.1 }, '0,09', ['minimum']],
    ['decimal(18,2)', { maximum: 9007199254740991 }, '9007199254740991,01', ['maximum']],
    ['decimal(18,2)', { maximum: 9007199254740991 }, '9007199254740991,00', []],
    ['integer', { minimum: -9007199254740991 }, '-9007199254740992', ['minimum']],
    ['integer', { maximum: 10 }, '9', []],
    ['integer', { maximum: 10 }, '100', ['maximum']],
    ['integer', { minimum: 1e21 }, '9223372036854775807', ['minimum']],
    ['integer', { minimum: 5, maximum: 4 }, '3', ['minimum']],
    ['text', { minLength: 2 }, 'a', ['minLength']],
    ['text', { minLength: 2, maxLength: 2 }, '😀😀', []],
    ['text', { maxLength: 2 }, 'abc', ['maxLength']],
    ['text', { maxLength: 2, pattern: '^x' }, 'abc', ['maxLength', 'pattern']],
    ['text', { pattern: '^\\p{Lu}+$' }, 'ÁÉ', []],
    ['text', { pattern: '^[0-9]+/[0-9]{4}$' }, '2/2016', []],
    ['text', { pattern: '^[0-9]+/[0-9]{4}$' }, '2-2016', ['pattern']],
    ['text', { format: 'uf' }, 'SP', []],
    ['text', { format: 'uf' }, 'XX', ['format']],
    ['integer', { enum: [] }, '1', ['enum']],
    ['integer', { enum: [null] }, '1', ['enum']],
  ];
  test.each(cases)('of %s %o says of %s: %j', (type, keywords, text, codes) => {
    expect(codesFor(type, keywords, text).toSorted()).toEqual(codes);
  });

  it('says nothing of NULL', () => {
    const every: Keywords = { enum: ['a'], pattern: '^a$', minLength: 1, maxLength: 1, format: 'uf' };
    expect(codesFor('text', every, '')).toEqual([]);
    expect(codesFor('decimal(5,2)', { minimum: 5, maximum: 6, enum: [5] }, '-')).toEqual([]);
  });

  it('does not see the value of the row before', () => {
    const dataset = datasetOf([columnOf('id'), columnOf('value', 'text', { enum: ['a'] })]);
    const outcome = validate(
      dataset,
      ['id', 'value'],
      [
        ['1', 'b'],
        ['2', ''],
        ['3', 'a'],
      ],
    );
    expect(outcome.rejects.map(({ rowNumber }) => rowNumber)).toEqual([2]);
  });

  it('is about its own column, whatever the column’s name', () => {
    const names = ['a/b', 'c~d', '__proto__', 'toString'];
    const dataset = datasetOf([columnOf('id'), ...names.map((name) => columnOf(name, 'text', { enum: ['x'] }, [name]))]);
    for (const [index, name] of names.entries()) {
      const row = ['1', ...names.map((_, other) => (other === index ? 'y' : 'x'))];
      const outcome = validate(dataset, ['id', ...names], [row]);
      expect(codesOf(outcome)).toEqual([[`enum:${name}`]]);
      expect(outcome.rejects[0]!.errors[0]!.value).toBe('y');
    }
  });

  it('names its expectation', () => {
    const message = (type: string, keywords: Keywords, text: string) => {
      const dataset = datasetOf([columnOf('id'), columnOf('value', type, keywords)]);
      return validate(dataset, ['id', 'value'], [['1', text]]).rejects[0]!.errors[0]!.message;
    };
    expect(message('text', { enum: ['A', 'B'] }, 'c')).toBe('value: the value is not one of A, B');
    expect(message('decimal(18,2)', { minimum: 0 }, '-1')).toBe('value: the number is below 0');
    expect(message('integer', { maximum: 9 }, '10')).toBe('value: the number is above 9');
    expect(message('text', { minLength: 3 }, 'a')).toBe('value: the text has fewer than 3 characters');
    expect(message('text', { maxLength: 3 }, 'abcd')).toBe('value: the text has more than 3 characters');
    expect(message('text', { pattern: '^a' }, 'b')).toBe('value: the text does not match the pattern ^a');
    expect(message('text', { format: 'cnpj' }, 'b')).toBe('value: the text is not a valid cnpj');
  });
});
