import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellKind } from '../../../src/core/rows.ts';
import { numberText, plainNumberEnd } from '../../../src/parse/xlsx/number-text.ts';

describe('a number as plain decimal text', () => {
  const cases: [string, string, keyof typeof cellKind][] = [
    ['0', '0', 'number'],
    ['-0', '0', 'number'],
    ['-0.00', '0', 'number'],
    ['007', '7', 'number'],
    ['1.50', '1.5', 'number'],
    ['5.', '5', 'number'],
    ['.5', '0.5', 'number'],
    ['+5', '5', 'number'],
    ['1E+05', '100000', 'number'],
    ['1e-7', '0.0000001', 'number'],
    ['-1.5E-10', '-0.00000000015', 'number'],
    ['0.1', '0.1', 'number'],
    ['0.30000000000000004', '0.3', 'number'],
    ['1337691.9899999946', '1337691.98999999', 'number'],
    ['849018965.33000004', '849018965.33', 'number'],
    ['123456789012345', '123456789012345', 'number'],
    ['-999999999999999', '-999999999999999', 'number'],
    ['0e999999999', '0', 'number'],
    ['1000000000000000', '1000000000000000', 'roundedNumber'],
    ['12345678901234567', '12345678901234567', 'roundedNumber'],
    ['-1.2345678901234567E+16', '-12345678901234567', 'roundedNumber'],
    ['1E+20', '100000000000000000000', 'roundedNumber'],
    ['1e999', '1e999', 'text'],
    ['0x10', '0x10', 'text'],
    ['1,5', '1,5', 'text'],
    ['', '', 'text'],
    ['-', '-', 'text'],
    ['.', '.', 'text'],
    ['Infinity', 'Infinity', 'text'],
  ];
  test.each(cases)('%s is %s', (raw, text, kind) => {
    expect(numberText(raw)).toEqual({ kind: cellKind[kind], text });
  });

  test('the short way over bytes gives the same text as the long one', () => {
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '9', '.', '-', 'e', '5', '0'), minLength: 1, maxLength: 17 });
    fc.assert(
      fc.property(fc.oneof(digits, fc.double().map(String), fc.integer().map(String)), (raw) => {
        const bytes = Buffer.from(`x${raw}x`);
        const end = plainNumberEnd(bytes, 1, bytes.length - 1);
        if (end < 0) return;
        expect(numberText(raw)).toEqual({ kind: cellKind.number, text: bytes.toString('latin1', 1, end) });
      }),
      { numRuns: 2000 },
    );
  });

  test.each(['1', '-1.5', '0.5', '0', '123456.70', '10'])('%s takes the short way', (raw) => {
    expect(plainNumberEnd(Buffer.from(raw), 0, raw.length)).toBeGreaterThan(0);
  });
});
