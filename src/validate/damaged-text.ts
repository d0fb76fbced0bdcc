import type { RowBatch } from '../core/rows.ts';

/** Occurrences of U+FFFD and of text that was encoded twice. */
export type DamagedText = { replaced: number; doubleEncoded: number };

/** Adds what the rows from `firstRow` on hold. Over the whole block, since a search of it runs at memchr's speed. */
export function countDamage(batch: RowBatch, firstRow: number, found: DamagedText): void {
  const firstCell = firstRow === 0 ? 0 : batch.rowEnds[firstRow - 1]!;
  const endCell = batch.rowCount === 0 ? 0 : batch.rowEnds[batch.rowCount - 1]!;
  if (firstCell >= endCell) return;
  const bytes = batch.bytes.subarray(batch.cellStarts[firstCell], batch.cellEnds[endCell - 1]);
  found.replaced += countAfter(bytes, replacement, nothing);
  for (const { before, sign } of doubleEncodings) found.doubleEncoded += countAfter(bytes, sign, before);
}

const nothing = Buffer.alloc(0);
const replacement = Buffer.from('\uFFFD');
/**
 * Ã or Â before a second continuation byte that became a letter (`Ã§`, `Â°`), and `â€`, the start of a dash or quote.
 * Searched by their rarer last bytes: C3, the first, begins every accented letter, and stops the search each time.
 */
const doubleEncodings = [
  { before: Buffer.of(0xc3), sign: Buffer.of(0x83, 0xc2) },
  { before: Buffer.of(0xc3), sign: Buffer.of(0x82, 0xc2) },
  { before: Buffer.from('â'), sign: Buffer.from('€') },
];

/** How often `sign` stands right after `before`. */
function countAfter(bytes: Buffer, sign: Buffer, before: Buffer): number {
  let found = 0;
  for (let at = bytes.indexOf(sign); at >= 0; at = bytes.indexOf(sign, at + sign.length)) {
    if (before.equals(bytes.subarray(at - before.length, at))) found++;
  }
  return found;
}
