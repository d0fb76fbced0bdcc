import { cellKind, cellText, type RowBatch } from '../core/rows.ts';
import { unguard } from '../quarantine/export-format.ts';
import { isWhite } from '../validate/coerce/cell.ts';
import type { CorrectedSheet } from './corrected-file.ts';
import { rowBatch, type BatchRow } from './row-batch.ts';

/** One row of a corrected file, as it stands there. */
export type CorrectedRow = {
  readonly rowNumber: number;
  readonly id: string;
  /** Null when the column of errors was taken out, as good as cleared. */
  readonly errors: string | null;
  /** The file's own cells, then those beyond its header; still guarded. */
  readonly cells: readonly string[];
  readonly isBlank: boolean;
  /** No cell of the file's own holds anything. */
  readonly isEmpty: boolean;
  /** A text row that ends before one of its cells, or goes on behind its header: its cells may have moved. */
  readonly isMisplaced: boolean;
};

/** The rows below the header, batch by batch. */
export async function* correctedRows(sheet: CorrectedSheet): AsyncGenerator<CorrectedRow[]> {
  for await (const batch of sheet.table.batches()) {
    const rows: CorrectedRow[] = [];
    for (let row = 0; row < batch.rowCount; row++) {
      if (batch.rowNumbers[row]! > sheet.headerRow) rows.push(readRow(sheet, batch, row));
    }
    yield rows;
  }
}

function readRow(sheet: CorrectedSheet, batch: RowBatch, row: number): CorrectedRow {
  const first = row === 0 ? 0 : batch.rowEnds[row - 1]!;
  const count = batch.rowEnds[row]! - first;
  const textAt = (position: number) => (position < count ? cellText(batch, first + position) : '');
  const isWhiteAt = (position: number) => position >= count || isWhite(batch, first + position);
  const own = [...sheet.positions, ...sheet.extras];
  const all = Array.from({ length: Math.max(count, sheet.width) }, (_, position) => position);
  const isShort = sheet.positions.some((position) => position >= count) || sheet.idPosition >= count;
  const isLong = all.slice(sheet.width).some((position) => !isWhiteAt(position));
  return {
    rowNumber: batch.rowNumbers[row]!,
    id: textAt(sheet.idPosition).trim(),
    errors: sheet.errorsPosition === null ? null : textAt(sheet.errorsPosition).trim(),
    cells: own.map(textAt),
    isBlank: all.every(isWhiteAt),
    isEmpty: own.every(isWhiteAt),
    isMisplaced: isLong || (isShort && !sheet.table.isRagged),
  };
}

/** The rows with these numbers, with the file's own cells alone and without the guard against formulas. */
export async function* ownCells(sheet: CorrectedSheet, wanted: ReadonlySet<number>): AsyncGenerator<RowBatch> {
  for await (const batch of sheet.table.batches()) {
    const rows: BatchRow[] = [];
    for (let row = 0; row < batch.rowCount; row++) {
      if (wanted.has(batch.rowNumbers[row]!)) rows.push(ownRow(sheet, batch, row));
    }
    if (rows.length > 0) yield rowBatch(rows);
  }
}

function ownRow(sheet: CorrectedSheet, batch: RowBatch, row: number): BatchRow {
  const first = row === 0 ? 0 : batch.rowEnds[row - 1]!;
  const cellAt = (position: number) => (first + position < batch.rowEnds[row]! ? ownCell(batch, first + position) : blank);
  const extras = sheet.extras.map(cellAt);
  const lastExtra = extras.findLastIndex(({ bytes }) => bytes.toString().trim() !== '');
  const cells = [...sheet.positions.map(cellAt), ...extras.slice(0, lastExtra + 1)];
  return { rowNumber: batch.rowNumbers[row]!, isMalformed: batch.rowMalformed[row] === 1, cells };
}

const blank = { bytes: Buffer.alloc(0), kind: cellKind.text };

/** Bytes, not text: half a surrogate has to be seen by who validates it. The guard is one byte. */
function ownCell(batch: RowBatch, cell: number): { bytes: Buffer; kind: number } {
  const kind = batch.cellKinds[cell]!;
  const text = cellText(batch, cell);
  const isGuarded = (kind === cellKind.text || kind === cellKind.quoted) && unguard(text) !== text;
  return { bytes: batch.bytes.subarray(batch.cellStarts[cell]! + (isGuarded ? 1 : 0), batch.cellEnds[cell]), kind };
}
