import { cellKind, type RowBatch } from '../../core/rows.ts';
import { maxColumns } from './cell-reference.ts';
import type { ByteSink, TextFail } from './xml-text.ts';

export type RowBatchBuilder = {
  /** Where the bytes of the present cell are appended, after `reserve`. */
  readonly sink: ByteSink;
  /** Makes room for more bytes in the present cell. Throws when the cell grows beyond its limit. */
  readonly reserve: (byteCount: number) => void;
  /** Where the present cell's bytes start in the sink. */
  readonly cellStart: () => number;
  /** Ends the cell at a 0-based column; columns left out before it become blank cells, a blank one is left out. */
  readonly endCell: (column: number, kind: number) => void;
  /** Ends the row; true when the batch is large enough to be taken. */
  readonly endRow: (rowNumber: number) => boolean;
  /** Hands over the rows that have ended, if any. */
  readonly take: () => RowBatch | null;
};

const batchBytes = 128 * 1024;
const batchCells = 16 * 1024;

/** The same limits as for text files. Excel's own limit is 32,767 characters a cell, 128 KB. */
const maxCellBytes = 1024 * 1024;
const maxRowBytes = 4 * 1024 * 1024;

/**
 * Bytes and cells of a whole sheet: a cell of 22 bytes can name a shared string of 128 KB, a million times, and one
 * cell in column XFD makes 16,383 blanks. A full sheet of 50 columns has 1 GB.
 */
const maxSheetSize = 8 * 1024 ** 3;

/** Collects cells into batches; all arrays of a batch are its own. */
export function rowBatchBuilder(fail: TextFail): RowBatchBuilder {
  const sink: ByteSink = { bytes: Buffer.allocUnsafeSlow(2 * batchBytes), length: 0 };
  let cells = newCells(2 * batchCells);
  let rows = newRows(1024);
  let cellCount = 0;
  let rowCount = 0;
  let cellStart = 0;
  let rowFirstCell = 0;
  let rowFirstByte = 0;
  let sheetSize = 0;

  function reserve(byteCount: number): void {
    const needed = sink.length + byteCount;
    if (needed - cellStart > maxCellBytes) throw fail(`has more than ${maxCellBytes} bytes`);
    if (needed > sink.bytes.length) sink.bytes = grown(sink.bytes, sink.length, needed);
  }

  function addCell(start: number, end: number, kind: number): void {
    if (cellCount === cells.starts.length) cells = largerCells(cells);
    cells.starts[cellCount] = start;
    cells.ends[cellCount] = end;
    cells.kinds[cellCount++] = kind;
  }

  function endCell(column: number, kind: number): void {
    const end = sink.length;
    if (end === cellStart) return;
    if (column >= maxColumns) throw fail(`is beyond the last column that a sheet can have (${maxColumns})`);
    if (end - rowFirstByte > maxRowBytes) throw fail(`ends a row of more than ${maxRowBytes} bytes`);
    while (cellCount - rowFirstCell < column) addCell(cellStart, cellStart, cellKind.text);
    addCell(cellStart, end, kind);
    cellStart = end;
  }

  function endRow(rowNumber: number): boolean {
    if (rowCount === rows.numbers.length) rows = largerRows(rows);
    rows.numbers[rowCount] = rowNumber;
    rows.ends[rowCount++] = cellCount;
    sheetSize += cellCount - rowFirstCell + sink.length - rowFirstByte;
    if (sheetSize > maxSheetSize) throw fail(`ends more than ${maxSheetSize} bytes of text`);
    rowFirstCell = cellCount;
    rowFirstByte = sink.length;
    return sink.length >= batchBytes || cellCount >= batchCells || rowCount >= batchCells;
  }

  function take(): RowBatch | null {
    if (rowCount === 0) return null;
    const batch: RowBatch = {
      bytes: sink.bytes.subarray(0, sink.length),
      rowCount,
      rowNumbers: rows.numbers,
      rowEnds: rows.ends,
      rowMalformed: new Uint8Array(rowCount),
      spans: null,
      cellStarts: cells.starts,
      cellEnds: cells.ends,
      cellKinds: cells.kinds,
    };
    sink.bytes = Buffer.allocUnsafeSlow(2 * batchBytes);
    sink.length = cellStart = rowFirstByte = cellCount = rowCount = rowFirstCell = 0;
    cells = newCells(2 * batchCells);
    rows = newRows(rows.numbers.length);
    return batch;
  }

  return { sink, reserve, cellStart: () => cellStart, endCell, endRow, take };
}

type Cells = { readonly starts: Uint32Array; readonly ends: Uint32Array; readonly kinds: Uint8Array };
type Rows = { readonly numbers: Uint32Array; readonly ends: Uint32Array };

const newCells = (count: number): Cells => ({
  starts: new Uint32Array(count),
  ends: new Uint32Array(count),
  kinds: new Uint8Array(count),
});
const newRows = (count: number): Rows => ({ numbers: new Uint32Array(count), ends: new Uint32Array(count) });

function largerCells(cells: Cells): Cells {
  const larger = newCells(2 * cells.starts.length);
  larger.starts.set(cells.starts);
  larger.ends.set(cells.ends);
  larger.kinds.set(cells.kinds);
  return larger;
}

function largerRows(rows: Rows): Rows {
  const larger = newRows(2 * rows.numbers.length);
  larger.numbers.set(rows.numbers);
  larger.ends.set(rows.ends);
  return larger;
}

/** At least doubled, so that appending stays linear. */
function grown(bytes: Buffer, used: number, needed: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(2 * bytes.length, needed));
  bytes.copy(larger, 0, 0, used);
  return larger;
}
