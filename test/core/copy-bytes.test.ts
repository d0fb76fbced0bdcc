import fc from 'fast-check';
import { expect, it } from 'vitest';
import { copyBytes, copyTarget } from '../../src/core/copy-bytes.ts';

/** Two sources in turn, each of them in the middle of its memory: an offset that is forgotten shows. */
const sources = [7, 3].map((factor) => Buffer.from(Array.from({ length: 600 }, (_, i) => (i * factor) % 256)).subarray(11, 590));

it('copies ranges of any length, from one source or another, and nothing beside them', () => {
  const range = fc.record({ source: fc.nat(1), start: fc.nat(400), length: fc.oneof(fc.nat(16), fc.nat(170)), at: fc.nat(300) });
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 5 }), (ranges) => {
      const target = copyTarget(Buffer.alloc(1000).subarray(5, 495));
      const expected = Buffer.alloc(490);
      for (const { source, start, length, at } of ranges) {
        sources[source]!.copy(expected, at, start, start + length);
        expect(copyBytes(target, at, sources[source]!, start, start + length)).toBe(at + length);
      }
      expect(target.bytes.equals(expected)).toBe(true);
    }),
    { numRuns: 400 },
  );
});
