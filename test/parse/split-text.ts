import { rowTexts, type RowBatch } from '../../src/core/rows.ts';
import { createSplitter, type SplitterOptions } from '../../src/parse/csv.ts';

export type SplitRow = { line: number; cells: string[]; isMalformed: boolean };

/** What a splitter makes of `bytes` when they come in pieces that end at `cuts`. */
export function splitAt(bytes: Buffer, cuts: readonly number[], options: Partial<SplitterOptions> = {}): SplitRow[] {
  const splitter = createSplitter({ file: 'a.csv', delimiter: ';', lineEnd: 'lf', ...options });
  const batches: (RowBatch | null)[] = [];
  let start = 0;
  for (const end of [...cuts, bytes.length]) {
    // A copy: the splitter owns what it is given.
    batches.push(splitter.push(Buffer.from(bytes.subarray(start, end))));
    start = end;
  }
  batches.push(splitter.finish());
  // Looked at only now: a batch whose bytes were written over would show.
  return batches.flatMap((batch) => (batch === null ? [] : splitRows(batch)));
}

export function splitEvery(text: string | Buffer, size: number, options: Partial<SplitterOptions> = {}): SplitRow[] {
  const bytes = Buffer.from(text);
  const cuts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => Math.min((index + 1) * size, bytes.length));
  return splitAt(bytes, cuts, options);
}

export function splitRows(batch: RowBatch): SplitRow[] {
  return Array.from({ length: batch.rowCount }, (_, row) => ({
    line: batch.rowNumbers[row]!,
    cells: rowTexts(batch, row),
    isMalformed: batch.rowMalformed[row] === 1,
  }));
}
