import type { RowError } from '../core/record.ts';
import type { RowBatch } from '../core/rows.ts';
import { isWhite } from './coerce/cell.ts';
import type { HeaderMatch } from './header.ts';
import { rowError } from './messages.ts';

export type RowStructure = {
  /** True when every cell is white space, or there is none. */
  readonly isBlank: (batch: RowBatch, row: number) => boolean;
  /** What makes the cells of a row untrustworthy, or null. */
  readonly errorOf: (batch: RowBatch, row: number) => RowError | null;
};

/** The shape of rows against their header's. A ragged table leaves out blank cells at the end: its rows are never short. */
export function createRowStructure(header: HeaderMatch, isRagged: boolean): RowStructure {
  // A header may end in cells without a name: a row that lacks only those lacks nothing.
  const needed = header.names.findLastIndex((name) => name.trim() !== '') + 1;
  const errorOf = (batch: RowBatch, row: number): RowError | null => {
    if (batch.rowMalformed[row] === 1) {
      return rowError('quote-malformed', 'text follows a closing quote: quotes inside a quoted cell must be doubled');
    }
    const first = firstCell(batch, row);
    const count = batch.rowEnds[row]! - first;
    if (isRagged || (count >= needed && count <= header.width)) return null;
    const sizes = `the row has ${count} cells, the header ${header.width}`;
    if (count < needed) return rowError('row-short', sizes);
    return isWhiteFrom(batch, first + header.width, first + count) ? null : rowError('row-long', sizes);
  };
  return { isBlank: (batch, row) => isWhiteFrom(batch, firstCell(batch, row), batch.rowEnds[row]!), errorOf };
}

export function firstCell(batch: RowBatch, row: number): number {
  return row === 0 ? 0 : batch.rowEnds[row - 1]!;
}

function isWhiteFrom(batch: RowBatch, from: number, end: number): boolean {
  for (let cell = from; cell < end; cell++) if (!isWhite(batch, cell)) return false;
  return true;
}
