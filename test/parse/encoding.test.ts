import { isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideEncoding, utf8Chunks, type Encoding, type TextSource } from '../../src/parse/encoding.ts';
import { createUtf8Check } from '../../src/parse/utf8-check.ts';
import { problemOf } from './problem.ts';

const ascii64k = 'ID;NOME\n'.repeat(8192);

describe('the encoding', () => {
  const decisions: readonly (readonly [string, Buffer, Encoding, string])[] = [
    ['is utf-8 after its mark', Buffer.from('\uFEFFid;nome\n'), 'utf-8', 'the file starts with its byte order mark'],
    ['is utf-16le after its mark', utf16le('\uFEFFid;ção'), 'utf-16le', 'the file starts with its byte order mark'],
    ['is utf-16be after its mark', utf16le('\uFEFFid;ção').swap16(), 'utf-16be', 'the file starts with its byte order mark'],
    ['is utf-8 for ASCII', Buffer.from('id;nome\n'), 'utf-8', 'every byte of the file is valid UTF-8'],
    ['is utf-8 for accents in two bytes', Buffer.from('ação;€;😀'), 'utf-8', 'every byte of the file is valid UTF-8'],
    [
      'is windows-1252 for accents in one byte',
      Buffer.from('id\nação', 'latin1'),
      'windows-1252',
      'byte 0xE7 in line 2 is not UTF-8',
    ],
    [
      'is windows-1252 when the first accent comes after 64 KB',
      Buffer.from(`${ascii64k}é\n`, 'latin1'),
      'windows-1252',
      'byte 0xE9 in line 8193 is not UTF-8',
    ],
    [
      'is windows-1252 when one byte of many is not UTF-8',
      Buffer.concat([Buffer.from('ção\n'.repeat(9)), Buffer.of(0x80)]),
      'windows-1252',
      'byte 0x80 in line 10 is not UTF-8',
    ],
    [
      'is windows-1252 when the file ends in half a character',
      Buffer.from('abÃ', 'latin1'),
      'windows-1252',
      'byte 0xC3 in line 1 is not UTF-8',
    ],
  ];
  test.each(decisions)('%s', async (_, bytes, encoding, reason) => {
    for (const size of [1, 2, 3, 7, 65_536])
      expect(await decideEncoding(pieces(bytes, size), 'auto')).toEqual({ encoding, reason });
  });

  test('is what is configured, whatever the bytes are', async () => {
    const decision = await decideEncoding(pieces(Buffer.from('ação'), 3), 'windows-1252');
    expect(decision).toEqual({ encoding: 'windows-1252', reason: 'it is configured' });
  });

  test.each([
    ['windows-1252', Buffer.from('\uFEFFid')],
    ['utf-16le', Buffer.from('\uFEFFid')],
    ['utf-8', utf16le('\uFEFFid')],
  ] as const)('is not decided when %s is configured and the mark says otherwise', async (configured, bytes) => {
    const error = await problemOf(() => decideEncoding(pieces(bytes, 1), configured));
    expect(error).toMatchObject({ code: 'source-unreadable', hint: 'write format: { encoding: auto } for this dataset' });
  });
});

describe('text as UTF-8', () => {
  test.each([1, 2, 3, 5, 1000])(
    'reads windows-1252 in pieces of %i: euro, dashes, quotes, accents and the five holes',
    async (size) => {
      const bytes = Buffer.from([0x61, 0x80, 0x96, 0x93, 0x94, 0xe7, 0xe3, 0xff, 0xa0, 0x81, 0x8d, 0x8f, 0x90, 0x9d, 0x0a]);
      expect(await text(pieces(bytes, size), 'windows-1252')).toBe('a€–“”çãÿ\u00A0\u0081\u008D\u008F\u0090\u009D\n');
    },
  );

  test.each(['utf-16le', 'utf-16be'] as const)('reads %s cut anywhere, without its mark', async (encoding) => {
    const bytes = utf16le('\uFEFFid;ção;😀\n');
    if (encoding === 'utf-16be') bytes.swap16();
    for (const size of [1, 2, 3, 1000]) expect(await text(pieces(bytes, size), encoding)).toBe('id;ção;😀\n');
  });

  test('shows half a surrogate pair as U+FFFD', async () => {
    expect(await text(pieces(utf16le('a\uD83Db'), 3), 'utf-16le')).toBe('a\uFFFDb');
  });

  test('refuses UTF-16 that ends in half a unit', async () => {
    const error = await problemOf(() => text(pieces(utf16le('ab').subarray(0, 3), 2), 'utf-16le'));
    expect(error.code).toBe('source-truncated');
  });

  test('passes chunks of UTF-8 on untouched', async () => {
    const chunk = Buffer.from('ação');
    const read = async function* () {
      yield chunk;
    };
    for await (const passed of utf8Chunks({ name: 'a.csv', read }, 'utf-8')) expect(passed).toBe(chunk);
  });

  test.each([1, 2, 3, 1000])('names line and byte of what is not UTF-8, in pieces of %i', async (size) => {
    const bytes = Buffer.concat([Buffer.from('id;nome\nação;'), Buffer.of(0xe9), Buffer.from(';b\n')]);
    const error = await problemOf(() => text(pieces(bytes, size), 'utf-8'));
    expect(error).toMatchObject({ code: 'source-unreadable', line: 2, column: 8 });
    expect(error.message).toBe('a.csv: byte 8 of line 2 (0xE9) is not UTF-8, and the file has to be UTF-8');
    expect(error.hint).toContain('format: { encoding: windows-1252 }');
  });

  test('refuses UTF-8 that ends in half a character', async () => {
    const error = await problemOf(() => text(pieces(Buffer.from('aç').subarray(0, 2), 1), 'utf-8'));
    expect(error).toMatchObject({ code: 'source-unreadable', line: 1, column: 2 });
  });
});

describe('the strict check of UTF-8', () => {
  const byte = fc.oneof(
    fc.nat(255),
    fc.constantFrom(0xc3, 0xa7, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0xc0, 0xf8, 0x41),
  );
  const mixed = fc.array(
    fc.oneof(
      byte.map((each) => Buffer.of(each)),
      fc.constantFrom('ç', '€', '😀', 'a').map((each) => Buffer.from(each)),
    ),
    { maxLength: 12 },
  );

  test('says of any bytes, cut anywhere, what the whole says, and where the valid part ends', () => {
    fc.assert(
      fc.property(mixed, fc.integer({ min: 1, max: 5 }), (parts, size) => {
        const bytes = Buffer.concat(parts);
        const check = createUtf8Check();
        let position: number | null = null;
        for (let at = 0; at < bytes.length && position === null; at += size) position = check.push(bytes.subarray(at, at + size));
        position ??= check.finish();
        expect(position === null).toBe(isUtf8(bytes));
        expect(position ?? bytes.length).toBe(validLength(bytes));
      }),
      { numRuns: 1000 },
    );
  });
});

/** The longest beginning that is UTF-8, found the slow way. */
function validLength(bytes: Buffer): number {
  for (let length = bytes.length; ; length--) if (isUtf8(bytes.subarray(0, length))) return length;
}

function utf16le(content: string): Buffer {
  return Buffer.from(content, 'utf16le');
}

function pieces(bytes: Buffer, size: number): TextSource {
  return {
    name: 'a.csv',
    read: async function* () {
      for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
    },
  };
}

async function text(source: TextSource, encoding: Encoding): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of utf8Chunks(source, encoding)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
