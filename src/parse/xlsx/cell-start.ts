import { cellType } from './cell-value.ts';

/** What the tag of a cell, or of a row, says. Filled anew for each tag. */
export type CellStart = {
  /** 1-based; 0 when not given. */
  row: number;
  /** 0-based; -1 when not given, as always for a row. */
  column: number;
  /** Index of the style; 0 when not given. */
  style: number;
  /** One of `cellType`. */
  type: number;
};

const letterR = 0x72;
const letterS = 0x73;
const letterT = 0x74;
const equals = 0x3d;

/** Reads the attributes `r`, `s` and `t` between `from` and `to`, in whatever order and quotes. */
export function readCellStart(bytes: Buffer, from: number, to: number, cell: CellStart): void {
  cell.row = 0;
  cell.column = -1;
  cell.style = 0;
  cell.type = cellType.number;
  let at = from;
  while (at < to) {
    while (at < to && bytes[at]! <= 0x20) at++;
    const name = bytes[at];
    const isLetter = bytes[at + 1] === equals || bytes[at + 1]! <= 0x20;
    while (at < to && bytes[at] !== equals) at++;
    at++;
    while (at < to && bytes[at]! <= 0x20) at++;
    const quote = bytes[at];
    const start = ++at;
    while (at < to && bytes[at] !== quote) at++;
    if (isLetter && at < to) {
      if (name === letterR) readReference(bytes, start, at, cell);
      else if (name === letterS) cell.style = integer(bytes, start, at);
      else if (name === letterT) cell.type = typeOf(bytes, start, at);
    }
    at++;
  }
}

/** `B7`, or `7` for a row. What is neither gives a row beyond all limits. */
function readReference(bytes: Buffer, start: number, end: number, cell: CellStart): void {
  let at = start;
  let column = 0;
  for (; at < end; at++) {
    const letter = (bytes[at]! | 0x20) - 0x60;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  cell.column = column - 1;
  cell.row = at < end ? integer(bytes, at, end) : Number.POSITIVE_INFINITY;
}

/** Digits as a number; anything else is infinite. */
function integer(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return Number.POSITIVE_INFINITY;
    value = value * 10 + digit;
  }
  return value;
}

function typeOf(bytes: Buffer, start: number, end: number): number {
  if (end - start === 1) {
    switch (bytes[start]) {
      case letterS:
        return cellType.shared;
      case 0x6e:
        return cellType.number;
      case 0x62:
        return cellType.boolean;
      case 0x65:
        return cellType.error;
      case 0x64:
        return cellType.isoDate;
    }
  }
  // `str`, `inlineStr`, and whatever else comes: kept as the text that it is.
  return cellType.text;
}
