import { cellKind, type KnownRows, type RowBatch } from '../core/rows.ts';
import { cellTooLong, csvLimits, lineEndsChange, recordTooLong, tooManyCells } from './csv-errors.ts';
import { createLineGuess } from './csv-line.ts';

export const QUOTE = 0x22;
export const LF = 0x0a;
export const CR = 0x0d;

/** What goes from one scan to the next. */
export type Scanner = {
  readonly file: string;
  readonly delimiter: number;
  readonly lineEnd: number;
  readonly known: KnownRows | null;
  /** What each byte of a cell asks for, outside of quotes and inside: see `byteMarks`. */
  readonly unquoted: Uint8Array;
  readonly quoted: Uint8Array;
  /** The line where the next record starts. */
  line: number;
  /** Where the quote opened that the last scan found open, or null. */
  openQuoteLine: number | null;
  /** Bytes of the last scan that were complete records. */
  consumed: number;
  /** Of the scan before: the arrays of a batch are made in the right size at once. */
  cellsPerByte: number;
  rowsPerByte: number;
};

/**
 * The complete records of `bytes`. One long function, because everything here happens once per byte or per
 * cell: with the state in locals a file of 200 MB passes at 530 MB/s, the reading included.
 */
export function scan(bytes: Buffer, scanner: Scanner): RowBatch {
  const { delimiter, lineEnd, known, unquoted, quoted } = scanner;
  // A record ends at a line end only, so the last one is where every run of text below stops.
  const limit = bytes.lastIndexOf(lineEnd) + 1;
  let cellStarts = new Uint32Array(Math.ceil(limit * scanner.cellsPerByte * 1.1) + 64);
  let cellEnds = new Uint32Array(cellStarts.length);
  let cellKinds = new Uint8Array(cellStarts.length);
  let cellPlain = new Uint8Array(cellStarts.length);
  let rowNumbers = new Uint32Array(Math.ceil(limit * scanner.rowsPerByte * 1.1) + 16);
  let rowEnds = new Uint32Array(rowNumbers.length);
  let rowMalformed = new Uint8Array(rowNumbers.length);
  let starts = new Uint32Array(rowNumbers.length);
  let ends = new Uint32Array(rowNumbers.length);
  let isKnown = new Uint8Array(rowNumbers.length);
  const guess = known === null ? null : createLineGuess(bytes, lineEnd);
  let at = 0;
  let cell = 0;
  let row = 0;
  scanner.openQuoteLine = null;
  scanner.consumed = 0;

  records: while (at < limit) {
    let line = scanner.line;
    let isMalformed = 0;
    const firstCell = cell;
    if (lineEnd === CR && bytes[at] === LF) throw lineEndsChange(scanner);
    const guessed = guess === null || line <= known!.afterRow ? -1 : guess.endOf(at, limit);
    const isMet = guessed >= 0 && known!.bytes.meets(bytes.subarray(at, textEnd(bytes, at, guessed)));
    if (isMet) {
      line += guess!.lines() - 1;
      at = guessed + 1;
    }
    while (!isMet) {
      let start = at;
      let end: number;
      let kind: number = cellKind.text;
      let byte = bytes[at]!;
      let marks = 0;
      let isQuoted = false;
      if (byte === QUOTE) {
        scanner.openQuoteLine = line;
        at++;
        for (;;) {
          while (marks < stops) marks |= quoted[(byte = bytes[at++]!)]!;
          if (byte === lineEnd) {
            // The last byte before `limit` is a line end, so that the search need not look for it.
            if (at >= limit) break records;
            line++;
          } else {
            if (bytes[at] !== QUOTE) break;
            at++;
            kind = cellKind.quoted;
          }
          marks = lookAgain;
        }
        scanner.openQuoteLine = null;
        byte = bytes[at]!;
        if (byte === CR && lineEnd === LF && bytes[at + 1] === LF) byte = bytes[++at]!;
        isQuoted = byte === delimiter || byte === lineEnd;
        if (!isQuoted) isMalformed = 1;
      }
      if (isQuoted) {
        start++;
        end = bytes[at - 1] === QUOTE ? at - 1 : at - 2;
      } else {
        marks = isMalformed === 1 ? lookAgain | unquoted[byte]! : unquoted[byte]!;
        while (marks < stops) marks |= unquoted[(byte = bytes[++at]!)]!;
        end = byte === LF && bytes[at - 1] === CR ? at - 1 : at;
        kind = cellKind.text;
      }
      if (end - start > csvLimits.cellBytes) throw cellTooLong(scanner, cell - firstCell + 1);
      if (cell === cellStarts.length) {
        if (cell - firstCell > csvLimits.cells) throw tooManyCells(scanner);
        cellStarts = longer32(cellStarts);
        cellEnds = longer32(cellEnds);
        cellKinds = longer8(cellKinds);
        cellPlain = longer8(cellPlain);
      }
      cellStarts[cell] = start;
      cellEnds[cell] = end;
      cellKinds[cell] = kind;
      cellPlain[cell] = marks === stops ? 1 : 0;
      cell++;
      at++;
      if (byte === lineEnd) break;
    }
    if (cell - firstCell > csvLimits.cells) throw tooManyCells(scanner);
    if (at - scanner.consumed > csvLimits.recordBytes) throw recordTooLong(scanner);
    if (row === rowNumbers.length) {
      rowNumbers = longer32(rowNumbers);
      rowEnds = longer32(rowEnds);
      rowMalformed = longer8(rowMalformed);
      starts = longer32(starts);
      ends = longer32(ends);
      isKnown = longer8(isKnown);
    }
    rowNumbers[row] = scanner.line;
    rowEnds[row] = cell;
    rowMalformed[row] = isMalformed;
    starts[row] = scanner.consumed;
    ends[row] = textEnd(bytes, scanner.consumed, at - 1);
    isKnown[row] = isMet ? 1 : 0;
    row++;
    scanner.line = line + 1;
    scanner.consumed = at;
  }
  if (row > 0) {
    scanner.cellsPerByte = cell / limit;
    scanner.rowsPerByte = row / limit;
  }
  const spans = { starts, ends, isKnown };
  return { bytes, rowCount: row, rowNumbers, rowEnds, rowMalformed, cellStarts, cellEnds, cellKinds, cellPlain, spans };
}

/** A record's line without the CR of a CRLF. */
function textEnd(bytes: Buffer, start: number, lineEndAt: number): number {
  return lineEndAt > start && bytes[lineEndAt] === LF && bytes[lineEndAt - 1] === CR ? lineEndAt - 1 : lineEndAt;
}

/** Marks of bytes: whether a run of them ends here, and whether the cell has to be looked at again byte by byte. */
const stops = 0x80;
const lookAgain = 1;

/**
 * Marks for each byte, ORed over a cell: one look finds its end and says whether all of its bytes are plain, as a batch
 * promises it. `ends` are bytes, or -1 for none. A CR before an LF counts: such a cell is looked at again.
 */
export function byteMarks(...ends: readonly number[]): Uint8Array {
  const marks = new Uint8Array(256).fill(lookAgain, 0, 0x20);
  for (const byte of [QUOTE, 0x5c, 0xed]) marks[byte] = lookAgain;
  for (const byte of ends) if (byte >= 0) marks[byte] = stops;
  return marks;
}

function longer32(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(array.length * 2);
  longer.set(array);
  return longer;
}

function longer8(array: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(array.length * 2);
  longer.set(array);
  return longer;
}
