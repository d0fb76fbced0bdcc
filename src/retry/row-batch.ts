import type { RowBatch } from '../core/rows.ts';

/** One row for a batch: cells as bytes with their kinds. */
export type BatchRow = {
  readonly rowNumber: number;
  readonly isMalformed: boolean;
  readonly cells: readonly { readonly bytes: Buffer; readonly kind: number }[];
};

/** Rows that did not come from a file just now, in the form in which files are read. */
export function rowBatch(rows: readonly BatchRow[]): RowBatch {
  const cells = rows.flatMap((row) => row.cells);
  const cellEnds = new Uint32Array(cells.length);
  let end = 0;
  for (const [index, { bytes }] of cells.entries()) cellEnds[index] = end += bytes.length;
  const rowEnds = new Uint32Array(rows.length);
  let lastCell = 0;
  for (const [index, row] of rows.entries()) rowEnds[index] = lastCell += row.cells.length;
  return {
    bytes: Buffer.concat(cells.map(({ bytes }) => bytes)),
    rowCount: rows.length,
    rowNumbers: Uint32Array.from(rows, (row) => row.rowNumber),
    rowEnds,
    rowMalformed: Uint8Array.from(rows, (row) => (row.isMalformed ? 1 : 0)),
    cellStarts: Uint32Array.from(cells, ({ bytes }, index) => cellEnds[index]! - bytes.length),
    cellEnds,
    cellKinds: Uint8Array.from(cells, ({ kind }) => kind),
    spans: null,
  };
}
