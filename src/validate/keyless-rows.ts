import type { RowBatch } from '../core/rows.ts';
import { copyRow } from './copy-row.ts';

/** Rows without a key are held back until it is known what they are. */
export type KeylessRows = {
  /** A row with a key came: what was held stands between rows with one, and is no footer. */
  readonly keyed: () => void;
  readonly hold: (batch: RowBatch, row: number) => void;
  /** The footer's rows, each a batch of its own; empty when there is none. */
  readonly finish: () => readonly RowBatch[];
};

/** A file that ends in more rows without a key than this has lost its key, and has no footer. */
const longestFooterRows = 100;

/** Gives to `reject` every row that is not the footer. With `mayBeFooter` false that is every row, at once. */
export function createKeylessRows(mayBeFooter: boolean, reject: (batch: RowBatch, row: number) => void): KeylessRows {
  let held: RowBatch[] = [];
  let keyedRows = 0;
  let isTooLong = false;
  const rejectHeld = (): void => {
    for (const row of held) reject(row, 0);
    held = [];
  };
  return {
    keyed: () => {
      keyedRows++;
      isTooLong = false;
      if (held.length > 0) rejectHeld();
    },
    hold: (batch, row) => {
      if (!mayBeFooter || isTooLong) return reject(batch, row);
      held.push(copyRow(batch, row));
      isTooLong = held.length > longestFooterRows;
      if (isTooLong) rejectHeld();
    },
    finish: () => {
      if (held.length >= keyedRows) rejectHeld();
      return held;
    },
  };
}
