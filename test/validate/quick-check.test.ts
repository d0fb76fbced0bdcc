import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Keywords } from '../../src/core/dataset.ts';
import { quickCheck } from '../../src/validate/quick-check.ts';
import { codesOf, columnOf, datasetOf, validate } from './harness.ts';

function isSure(type: string, keywords: Keywords, text: string): boolean {
  const value = Buffer.from(`;${text};`);
  return quickCheck({ column: columnOf('value', type), keywords })(value, 1, value.length - 1);
}

describe('a quick check', () => {
  const cases: [type: string, keywords: Keywords, text: string, isSure: boolean][] = [
    ['text', { format: 'uf' }, 'DF', true],
    ['text', { format: 'uf' }, 'XX', false],
    ['text', { format: 'uf' }, 'df', false],
    ['text', { format: 'uf' }, 'DFX', false],
    ['text', { format: 'cpf' }, '52998224725', false],
    ['text', { pattern: String.raw`^\d{7}$` }, '5300108', true],
    ['text', { pattern: String.raw`^\d{7}$` }, '530010', false],
    ['text', { pattern: String.raw`^\d{7}$` }, '530010x', false],
    ['text', { pattern: String.raw`^\d{7}$` }, '53001080', false],
    ['text', { pattern: '^[0-9]{2,3}$' }, '123', true],
    ['text', { pattern: '^[0-9]{2,3}$' }, '1234', false],
    ['text', { pattern: String.raw`^\d+$` }, '1', true],
    ['text', { pattern: String.raw`^\d{2,}$` }, '123', false],
    ['text', { pattern: String.raw`\d{7}` }, '1234567', false],
    ['integer', { minimum: 1990 }, '1990', true],
    ['integer', { minimum: 1990 }, '1989', false],
    ['integer', { minimum: 1, maximum: 12 }, '12', true],
    ['integer', { minimum: 1, maximum: 12 }, '13', false],
    ['decimal(18,2)', { minimum: 0 }, '0.00', true],
    ['decimal(18,2)', { minimum: 0 }, '-0.01', false],
    ['decimal(18,2)', { minimum: 0.1 }, '5.00', false],
    ['decimal(18,2)', { maximum: 9007199254740991 }, '1.00', false],
    ['decimal(18,2)', { minimum: 0 }, '1234567890123456.00', false],
    ['text', { maxLength: 2 }, 'é', true],
    ['text', { maxLength: 2 }, 'éé', false],
    ['text', { minLength: 1 }, '😀', true],
    ['text', { minLength: 2 }, '😀', false],
    ['text', { maxLength: 9, enum: ['a'] }, 'a', false],
  ];
  test.each(cases)('of %s with %o and %s: sure is %s', (type, keywords, text, expected) => {
    expect(isSure(type, keywords, text)).toBe(expected);
  });

  it('is never sure of a value that breaks a keyword', () => {
    const number = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -(10 ** 12), max: 10 ** 12 }));
    const cents = number.map((units) => `${units < 0 ? '-' : ''}${(Math.abs(units) / 100).toFixed(2).replace('.', ',')}`);
    const word = fc
      .array(fc.constantFrom('1', '7', 'D', 'F', 'é', '😀'), { minLength: 1, maxLength: 5 })
      .map((all) => all.join(''));
    const limits = fc.record({ minimum: number, maximum: number }, { requiredKeys: [] });
    const ofText = fc.record(
      {
        pattern: fc.constantFrom(String.raw`^\d{1,3}$`, String.raw`^\d+$`, '^[0-9]{2}$', '^D'),
        minLength: fc.nat(4),
        maxLength: fc.nat(4),
        format: fc.constant('uf' as const),
      },
      { requiredKeys: [] },
    );
    const value = fc.oneof(
      fc.tuple(fc.constant('integer'), limits, number.map(String)),
      fc.tuple(fc.constant('decimal(18,2)'), limits, cents),
      fc.tuple(fc.constant('text'), ofText, word),
    );
    fc.assert(
      fc.property(value, ([type, keywords, text]) => {
        // A keyword that is never sure beside them has ajv judge every value.
        const judged = columnOf('judged', type, { ...keywords, enum: [text.replace(',', '.')] });
        const dataset = datasetOf([columnOf('id'), columnOf('value', type, keywords), judged]);
        const codes = codesOf(validate(dataset, ['id', 'value', 'judged'], [['1', text, text]])).flat();
        const ofColumn = (name: string) => codes.filter((code) => code.endsWith(`:${name}`)).map((code) => code.split(':')[0]);
        expect(ofColumn('value')).toEqual(ofColumn('judged').filter((code) => code !== 'enum'));
      }),
      { numRuns: 300 },
    );
  });
});
