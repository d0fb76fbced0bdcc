import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { formats } from '../../src/validate/formats.ts';

describe('cnpj', () => {
  test.each(['00394460000141', '00.394.460/0001-41', '08929648000159', '12671814000137'])('accepts %s', (text) =>
    expect(formats.cnpj(text)).toBe(true),
  );
  test.each([
    '394460000141',
    '00394460000142',
    '00394460000151',
    '00000000000000',
    '11111111111111',
    '00.394.460/0001-4',
    '00.394.460.0001-41',
    '00394460/0001-41',
    ' 00394460000141',
    '00394460000141\n',
    '0039446000014x',
    '٠٠٣٩٤٤٦٠٠٠٠١٤١',
    '',
  ])('refuses %j', (text) => expect(formats.cnpj(text)).toBe(false));
});

describe('cpf', () => {
  test.each(['52998224725', '529.982.247-25', '11144477735'])('accepts %s', (text) => expect(formats.cpf(text)).toBe(true));
  test.each(['52998224724', '52998224735', '5299822472', '00000000000', '99999999999', '***982247**', '529982247-25', ''])(
    'refuses %j',
    (text) => expect(formats.cpf(text)).toBe(false),
  );

  it('refuses every slip of one digit', () => {
    fc.assert(
      fc.property(fc.nat(10), fc.integer({ min: 1, max: 9 }), (position, slip) => {
        const digits = [...'52998224725'].map(Number);
        digits[position] = (digits[position]! + slip) % 10;
        expect(formats.cpf(digits.join(''))).toBe(false);
      }),
      { numRuns: 99 },
    );
  });
});

describe('uf', () => {
  it('accepts the 27, in capitals', () => {
    const all = 'AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO'.split(' ');
    expect(all.filter((uf) => formats.uf(uf))).toHaveLength(27);
  });
  test.each(['sp', 'XX', 'S', 'SPX', '', 'BR'])('refuses %j', (text) => expect(formats.uf(text)).toBe(false));
});
