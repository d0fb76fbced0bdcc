import type { RowBatch } from '../core/rows.ts';

/** How well the records of a sample agree when they are split with one delimiter. */
export type Fit = {
  readonly delimiter: string;
  /** The most common number of cells above one; 1 when no row has more. */
  readonly width: number;
  /** Well-formed rows of that width. */
  readonly rows: number;
  /** Rows that are not blank. */
  readonly total: number;
  /** Title rows: those that are not blank above the first row of that width. */
  readonly titles: number;
  /** Separators that look like text: commas before a blank (prose) or between digits (decimals), in the rows of that width. */
  readonly weakPercent: number;
  /** The first row has one cell and so have most others. */
  readonly isSingle: boolean;
};

/** The batch is what a splitter made of the sample; null when no record was complete. */
export function fitOf(delimiter: string, batch: RowBatch | null): Fit {
  const rows = batch === null ? [] : filledRows(batch);
  const widths = rows.map((row) => row.width);
  const width = commonWidth(widths);
  const titles = Math.max(0, widths.indexOf(width));
  const wide = width > 1 ? rows.filter((row) => row.width === width) : [];
  const several = widths.filter((each) => each > 1).length;
  return {
    delimiter,
    width,
    // Text after a closing quote: quoted cells that this delimiter does not separate.
    rows: wide.filter((row) => !row.isMalformed).length,
    total: rows.length,
    titles,
    weakPercent: batch !== null && delimiter === ',' ? weakCommasPercent(batch, wide) : 0,
    isSingle: rows.length > 0 && widths[0] === 1 && several * 2 < rows.length,
  };
}

/** At least half of the rows have the width, from the first one on, and a table below title rows is a header and a row. */
export function fits(fit: Fit): boolean {
  return fit.rows * 2 >= fit.total - fit.titles && fit.rows >= (fit.titles === 0 ? 1 : 2);
}

/** Whether `a` is the delimiter when `b` fits too. */
export function beats(a: Fit, b: Fit): boolean {
  if (isWeak(a) !== isWeak(b)) return isWeak(b);
  // A header without the other delimiter: what looks like its table is a column with commas, below `a`'s header.
  if (a.titles < b.titles && a.rows >= b.rows) return true;
  if (a.titles <= b.titles && isEven(a) && !isEven(b)) return true;
  return a.titles === b.titles && a.rows >= b.rows && a.width >= 2 * b.width;
}

/** Every row agrees, from the header on. */
function isEven(fit: Fit): boolean {
  return fit.rows === fit.total - fit.titles;
}

function isWeak(fit: Fit): boolean {
  return fit.weakPercent > 80;
}

type FilledRow = { readonly firstCell: number; readonly width: number; readonly isMalformed: boolean };

function filledRows(batch: RowBatch): FilledRow[] {
  const rows: FilledRow[] = [];
  for (let row = 0, firstCell = 0; row < batch.rowCount; firstCell = batch.rowEnds[row++]!) {
    const width = batch.rowEnds[row]! - firstCell;
    const isBlank = width === 1 && batch.cellStarts[firstCell] === batch.cellEnds[firstCell];
    if (!isBlank) rows.push({ firstCell, width, isMalformed: batch.rowMalformed[row] === 1 });
  }
  return rows;
}

/** Among equals the widest. */
function commonWidth(widths: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const width of widths) if (width > 1) counts.set(width, (counts.get(width) ?? 0) + 1);
  let common = 1;
  for (const [width, count] of counts) {
    const best = counts.get(common) ?? 0;
    if (count > best || (count === best && width > common)) common = width;
  }
  return common;
}

function weakCommasPercent(batch: RowBatch, rows: readonly FilledRow[]): number {
  let weak = 0;
  let all = 0;
  for (const { firstCell, width } of rows) {
    for (let cell = firstCell + 1; cell < firstCell + width; cell++) {
      const start = batch.cellStarts[cell]!;
      all++;
      // Of a quoted cell this is the quote, and of an empty one the next delimiter: neither is weak.
      const next = batch.bytes[start - 1] === 0x2c ? batch.bytes[start] : undefined;
      if (next === 0x20 || (isDigit(next) && isDigit(batch.bytes[start - 2]))) weak++;
    }
  }
  return all === 0 ? 0 : (100 * weak) / all;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
