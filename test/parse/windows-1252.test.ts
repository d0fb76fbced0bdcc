import fc from 'fast-check';
import { expect, it } from 'vitest';
import { windows1252ToUtf8 } from '../../src/parse/windows-1252.ts';

const decoded = (bytes: Uint8Array): string => new TextDecoder('windows-1252').decode(bytes, { stream: true });

it('is what WHATWG says, byte by byte', () => {
  for (let byte = 0; byte < 256; byte++) {
    const bytes = Buffer.from([0x61, byte, byte, 0x62]);
    expect(windows1252ToUtf8(bytes).toString()).toBe(decoded(bytes));
  }
  expect(windows1252ToUtf8(Buffer.from([0x80, 0x81, 0x93, 0xc2, 0xba])).toString()).toBe('€\u0081“Âº');
});

it('is the same for any bytes', () => {
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(0xc2, 0x80, 0x9f, 0xa0, 0x96));
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 40 }), (all) => {
      const bytes = Buffer.from(all);
      expect(windows1252ToUtf8(bytes).toString()).toBe(decoded(bytes));
    }),
    { numRuns: 500 },
  );
});
