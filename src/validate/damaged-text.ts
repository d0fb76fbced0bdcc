import type { RowBatch } from '../core/rows.ts';

/** Occurrences of U+FFFD and of text that was encoded twice. */
export type DamagedText = { replaced: number; doubleEncoded: number };

/**
 * Adds what the rows from `firstRow` on hold, and returns how many places that are. Over the whole block, since a search of
 * it runs at memchr's speed.
 */
export function countDamage(batch: RowBatch, firstRow: number, found: DamagedText): number {
  const bytes = bytesOfRows(batch, firstRow, batch.rowCount);
  const replaced = countAfter(bytes, replacement, nothing);
  const doubleEncoded = doubleEncodings.reduce((sum, { before, sign }) => sum + countAfter(bytes, sign, before), 0);
  found.replaced += replaced;
  found.doubleEncoded += doubleEncoded;
  return replaced + doubleEncoded;
}

export function holdsDamage(batch: RowBatch, row: number): boolean {
  const bytes = bytesOfRows(batch, row, row + 1);
  return (
    countAfter(bytes, replacement, nothing) > 0 || doubleEncodings.some(({ before, sign }) => countAfter(bytes, sign, before) > 0)
  );
}

function bytesOfRows(batch: RowBatch, firstRow: number, endRow: number): Buffer {
  const firstCell = firstRow === 0 ? 0 : batch.rowEnds[firstRow - 1]!;
  const endCell = endRow === 0 ? 0 : batch.rowEnds[endRow - 1]!;
  return firstCell >= endCell ? nothing : batch.bytes.subarray(batch.cellStarts[firstCell], batch.cellEnds[endCell - 1]);
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
