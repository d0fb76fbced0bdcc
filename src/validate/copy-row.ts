import type { RowBatch } from '../core/rows.ts';

/** One row as a batch of its own, so that it can be kept without its block. */
export function copyRow(batch: RowBatch, row: number): RowBatch {
  const first = row === 0 ? 0 : batch.rowEnds[row - 1]!;
  const count = batch.rowEnds[row]! - first;
  const cells = Array.from({ length: count }, (_, index) =>
    batch.bytes.subarray(batch.cellStarts[first + index], batch.cellEnds[first + index]),
  );
  const cellEnds = new Uint32Array(count);
  cells.reduce((end, cell, index) => (cellEnds[index] = end + cell.length), 0);
  return {
    bytes: Buffer.concat(cells),
    rowCount: 1,
    rowNumbers: batch.rowNumbers.slice(row, row + 1),
    rowEnds: Uint32Array.of(count),
    rowMalformed: batch.rowMalformed.slice(row, row + 1),
    cellStarts: Uint32Array.from(cells, (cell, index) => cellEnds[index]! - cell.length),
    cellEnds,
    cellKinds: batch.cellKinds.slice(first, first + count),
    spans: null,
  };
}
