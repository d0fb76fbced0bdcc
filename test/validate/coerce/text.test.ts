import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { trimEnd, trimStart } from '../../../src/validate/coerce/white-space.ts';
import { coerced, type TestCell } from '../harness.ts';

const imprecise = { code: 'number-imprecise' };
const invalid = { code: 'character-invalid' };

describe('a text column', () => {
  const cases: [name: string, cell: TestCell, expected: string | null | { code: string }][] = [
    ['keeps text as it stands', 'São João', 'São João'],
    ['keeps leading zeros', '007', '007'],
    ['keeps inner white space and line breaks', 'a  b\r\nc\td', 'a  b\r\nc\td'],
    ['loses outer white space', ' \t\r\n x \n', 'x'],
    ['loses outer NBSP, zero-width space and byte order mark', '\u00a0\u200b\ufeffx\ufeff\u200b\u00a0', 'x'],
    ['loses ideographic and narrow spaces', '\u3000\u202fx\u2003', 'x'],
    ['reads an empty cell as NULL', '', null],
    ['reads white space alone as NULL', ' \u00a0 ', null],
    ['reads a null word as NULL', 'NULL', null],
    ['reads a null word inside white space as NULL', ' -   ', null],
    ['tells a null word by its case', 'null', 'null'],
    ['tells a null word from what begins with it', '-5', '-5'],
    ['undoubles quotes', { kind: 'quoted', bytes: 'o ""grande"" lago' }, 'o "grande" lago'],
    ['undoubles quotes at both ends', { kind: 'quoted', bytes: '""x""' }, '"x"'],
    ['keeps a quote that stands alone in a quoted cell', { kind: 'quoted', bytes: 'a"b""c' }, 'a"b"c'],
    ['trims a quoted cell', { kind: 'quoted', bytes: ' "" ' }, '"'],
    ['keeps doubled quotes of a plain cell', 'a""b', 'a""b'],
    ['takes a number of a workbook as its text', { kind: 'number', bytes: '-1234.5' }, '-1234.5'],
    ['refuses a number that was rounded', { kind: 'roundedNumber', bytes: '12345678901234500' }, imprecise],
    ['takes a date of a workbook as ISO', { kind: 'date', bytes: '2026-11-22' }, '2026-11-22'],
    ['takes a boolean of a workbook', { kind: 'boolean', bytes: 'true' }, 'true'],
    ['refuses U+0000', 'a\u0000b', invalid],
    ['refuses U+0000 in a quoted cell', { kind: 'quoted', bytes: '""\u0000' }, invalid],
    ['refuses half of a surrogate pair', { kind: 'text', bytes: Buffer.from([0x61, 0xed, 0xa0, 0x80, 0x62]) }, invalid],
    ['refuses the other half', { kind: 'text', bytes: Buffer.from([0xed, 0xbf, 0xbf]) }, invalid],
    [
      'refuses half of a pair after Korean text',
      { kind: 'text', bytes: Buffer.concat([Buffer.from('퐀'), Buffer.from([0xed, 0xa0, 0x80])]) },
      invalid,
    ],
    ['keeps Korean text, which begins with the same byte', '한국 퐀', '한국 퐀'],
    ['keeps characters beyond the basic plane', 'a😀\u{100070}', 'a😀\u{100070}'],
    ['keeps U+FFFD', 'JO\ufffdO', 'JO\ufffdO'],
    ['keeps control characters', 'a\u001ab\u0001', 'a\u001ab\u0001'],
  ];
  test.each(cases)('%s', (_, cell, expected) => expect(coerced('text', cell)).toEqual(expected));

  it('has only the null words of its dataset', () => {
    expect(coerced('text', '-', { nullValues: [''] })).toBe('-');
    expect(coerced('text', 'ND', { nullValues: ['ND', 'Sem informação'] })).toBeNull();
    expect(coerced('text', 'Sem informação', { nullValues: ['ND', 'Sem informação'] })).toBeNull();
    expect(coerced('text', '', { nullValues: [] })).toBeNull();
  });
});

describe('white space', () => {
  it('is what trim() takes away, and U+200B', () => {
    const letter = fc.constantFrom(
      ...' \t\r\n\v\f\u00a0\u1680\u2000\u200a\u200b\u200c\u2028\u2029\u202f\u205f\u2060\u3000\ufeffaé€Â\u0085',
    );
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 8 }), (letters) => {
        const text = letters.join('');
        const bytes = Buffer.from(`x${text}x`);
        const start = trimStart(bytes, 1, bytes.length - 1);
        const end = trimEnd(bytes, start, bytes.length - 1);
        const outer = /^[\s\u200b]+|[\s\u200b]+$/g;
        expect(bytes.toString('utf8', start, end)).toBe(text.replace(outer, ''));
      }),
      { numRuns: 500 },
    );
  });
});
