import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Format } from '../../../src/core/dataset.ts';
import { coerced, type TestCell } from '../harness.ts';

const typeError = { code: 'type-error' };
const outOfRange = { code: 'out-of-range' };
const scaleExceeded = { code: 'scale-exceeded' };
const imprecise = { code: 'number-imprecise' };
type Case = [cell: TestCell, expected: string | null | { code: string }, decimal?: Format['decimal']];

const title = (cell: TestCell): string =>
  typeof cell === 'string' ? JSON.stringify(cell) : `${cell.kind} ${String(cell.bytes)}`;
const titled = (cases: readonly Case[]) =>
  cases.map(([cell, expected, decimal = 'auto']) => ({ name: `${title(cell)} (decimal: ${decimal})`, cell, expected, decimal }));

describe('a decimal(18,2) column reads', () => {
  const cases: Case[] = [
    ['1234', '1234.00'],
    ['1234,5', '1234.50'],
    ['1234,56', '1234.56'],
    ['1234.56', '1234.56'],
    ['0', '0.00'],
    ['007,5', '7.50'],
    ['000', '0.00'],
    [',5', '0.50'],
    ['.5', '0.50'],
    ['-,5', '-0.50'],
    ['5,', typeError],
    ['5.', typeError],
    [',', typeError],
    ['-0', '0.00'],
    ['-0,00', '0.00'],
    ['(0,00)', '0.00'],
    ['-78.764,95', '-78764.95'],
    ['1.234.567,89', '1234567.89'],
    [' 300.000,00 ', '300000.00'],
    ['(3.706.400,00)', '-3706400.00'],
    ['1234,56-', '-1234.56'],
    ['+5', '5.00'],
    ['\u22125', '-5.00'],
    ['- 5', '-5.00'],
    ['--5', typeError],
    ['-5-', typeError],
    ['+5-', typeError],
    ['(-5)', typeError],
    ['(5', typeError],
    ['5)', typeError],
    ['()', typeError],
    ['1\u00a0234,56', '1234.56'],
    ['1\u200b234,56', '1234.56'],
    ['R$ 1.234,56', '1234.56'],
    ['-R$ 5,00', '-5.00'],
    ['R$ -5,00', '-5.00'],
    ['R$ (5,00)', '-5.00'],
    ['(R$ 5,00)', '-5.00'],
    ['R$', typeError],
    ['R$ R$ 5', typeError],
    ['US$ 5', typeError],
    ['5%', typeError],
    ['1e+05', '100000.00'],
    ['1E3', '1000.00'],
    ['1,5e2', '150.00'],
    ['125e-2', '1.25'],
    ['125e-3', scaleExceeded],
    ['1e400', outOfRange],
    ['1e9999999999', typeError],
    ['e5', typeError],
    [' -   ', null],
    ['-', null],
    ['', null],
    ['abc', typeError],
    ['12a', typeError],
    ['0x10', typeError],
    ['Infinity', typeError],
    ['NaN', typeError],
    ['१२', typeError],
    ['1,2,3', typeError],
    ['1,234.56', typeError],
    ['1.2345,00', typeError],
    ['1234.567,00', typeError],
    ['.234,00', typeError],
    ['1..234,00', typeError],
    ['1.234.567', typeError],
    ['65574.68', '65574.68'],
    ['1.234', scaleExceeded],
    ['1,999', scaleExceeded],
    ['1,230', '1.23'],
    ['650000,0', '650000.00'],
    ['9999999999999999,99', '9999999999999999.99'],
    ['-9999999999999999,99', '-9999999999999999.99'],
    ['10000000000000000', outOfRange],
    ['10000000000000000,001', outOfRange],
    ['0000000000000000000000001', '1.00'],
    ['9'.repeat(3000), typeError],
    ['1.234', '1234.00', ','],
    ['1.5', typeError, ','],
    ['1,5', '1.50', ','],
    ['1,234', '1234.00', '.'],
    ['1,234.5', '1234.50', '.'],
    ['1,5', typeError, '.'],
    ['1.5', '1.50', '.'],
    ['1.234.567', '1234567.00', ','],
    [{ kind: 'number', bytes: '-1234.5' }, '-1234.50'],
    [{ kind: 'number', bytes: '1.5' }, '1.50', ','],
    [{ kind: 'number', bytes: '1234' }, '1234.00', ','],
    [{ kind: 'number', bytes: '0.1234' }, scaleExceeded],
    [{ kind: 'number', bytes: '0.125' }, scaleExceeded],
    [{ kind: 'number', bytes: '1337691.98999999' }, '1337691.99'],
    [{ kind: 'number', bytes: '-0.100009' }, '-0.10'],
    [{ kind: 'number', bytes: '0.10001' }, scaleExceeded],
    ['1337691.98999999', scaleExceeded],
    [{ kind: 'roundedNumber', bytes: '12345678901234500' }, imprecise],
    [{ kind: 'date', bytes: '2026-11-22' }, typeError],
    [{ kind: 'boolean', bytes: 'true' }, typeError],
    [{ kind: 'quoted', bytes: '""1""' }, typeError],
  ];
  test.each(titled(cases))('$name as $expected', ({ cell, expected, decimal }) => {
    expect(coerced('decimal(18,2)', cell, { decimal })).toEqual(expected);
  });
});

describe('decimals of other sizes', () => {
  const cases: [type: string, cell: string, expected: string | { code: string }][] = [
    ['decimal(5,0)', '12345', '12345'],
    ['decimal(5,0)', '12345,0', '12345'],
    ['decimal(5,0)', '123456', outOfRange],
    ['decimal(5,0)', '1,5', scaleExceeded],
    ['decimal(5,5)', '0,12345', '0.12345'],
    ['decimal(5,5)', '1', outOfRange],
    ['decimal(38,10)', '1234567890123456789012345678,0123456789', '1234567890123456789012345678.0123456789'],
  ];
  test.each(cases)('%s reads %s as %o', (type, cell, expected) => expect(coerced(type, cell)).toEqual(expected));
});

describe('an integer column reads', () => {
  const cases: Case[] = [
    ['0', '0'],
    ['42', '42'],
    ['-42', '-42'],
    ['007', '7'],
    ['-007', '-7'],
    ['0000', '0'],
    ['-0', '0'],
    ['+5', '5'],
    ['1234,00', '1234'],
    ['1234.0', '1234'],
    ['1.234', typeError],
    ['1.234', '1234', ','],
    ['1.234,0', '1234'],
    ['1,5', typeError],
    ['1e3', '1000'],
    ['394460055477.0', '394460055477'],
    ['9223372036854775807', '9223372036854775807'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['9223372036854775808', outOfRange],
    ['-9223372036854775809', outOfRange],
    ['000000000000000000000000000000000012', '12'],
    ['', null],
    ['-', null],
    ['12 345', '12345'],
    ['a', typeError],
    [{ kind: 'number', bytes: '2026' }, '2026'],
    [{ kind: 'number', bytes: '2026.5' }, typeError],
    [{ kind: 'roundedNumber', bytes: '12345678901234500' }, imprecise],
    [{ kind: 'date', bytes: '2026-11-22' }, typeError],
    [{ kind: 'boolean', bytes: 'true' }, typeError],
  ];
  test.each(titled(cases))('$name as $expected', ({ cell, expected, decimal }) => {
    expect(coerced('integer', cell, { decimal })).toEqual(expected);
  });
});

describe('any number', () => {
  /** Writes units at a scale as people do: thousands or not, comma or point, signs before, after and around. */
  const written = fc.record({
    units: fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }),
    scale: fc.integer({ min: 0, max: 5 }),
    style: fc.constantFrom('plain', 'thousands', 'point'),
    sign: fc.constantFrom('before', 'after', 'around'),
    zeros: fc.integer({ min: 0, max: 2 }),
  });

  it('is the decimal that a BigInt oracle gives', () => {
    fc.assert(
      fc.property(written, ({ units, scale, style, sign, zeros }) => {
        const isNegative = units < 0n;
        const digits = (isNegative ? -units : units).toString().padStart(scale + 1, '0');
        const whole = digits.slice(0, digits.length - scale);
        const fraction = digits.slice(digits.length - scale) + '0'.repeat(scale > 0 ? zeros : 0);
        const grouped = style === 'thousands' ? whole.replace(/\B(?=(\d{3})+$)/g, '.') : whole;
        // Dots are thousands only beside a comma.
        const decimals = fraction === '' ? (style === 'thousands' ? ',0' : '') : (style === 'point' ? '.' : ',') + fraction;
        const text = grouped + decimals;
        const signed = !isNegative ? text : sign === 'before' ? `-${text}` : sign === 'after' ? `${text}-` : `(${text})`;
        expect(coerced('decimal(18,2)', signed)).toEqual(oracle(units, scale));
      }),
      { numRuns: 500 },
    );
  });

  function oracle(units: bigint, scale: number): string | { code: string } {
    const atFive = units * 10n ** BigInt(5 - scale);
    if (atFive <= -(10n ** 21n) || atFive >= 10n ** 21n) return outOfRange;
    if (atFive % 1000n !== 0n) return scaleExceeded;
    const cents = atFive / 1000n;
    const text = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
    return `${cents < 0n ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`;
  }

  it('never makes a value of text that holds a letter', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.constantFrom('integer', 'decimal(18,2)'), (text, type) => {
        const value = coerced(type, `${text}z${text}`);
        expect(value).toEqual(typeError);
      }),
      { numRuns: 200 },
    );
  });
});
