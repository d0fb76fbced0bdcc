import type { RowBatch } from '../../core/rows.ts';
import { maxColumns, maxRows, columnLetters } from './cell-reference.ts';
import { readCellStart, type CellStart } from './cell-start.ts';
import { cellType, finishValue, type ValueContext } from './cell-value.ts';
import { rowBatchBuilder, type RowBatchBuilder } from './row-batch-builder.ts';
import { scanXml, type XmlFail, type XmlHandler } from './xml-scanner.ts';
import { appendXmlText } from './xml-text.ts';

/** Makes the error for what is wrong at a cell; the column is its letters, or null for the row as a whole. */
export type SheetFail = (what: string, row: number, column: string | null) => Error;

/**
 * Reads the XML of a worksheet into batches of rows. Rows and columns stand where the sheet says, whatever its
 * `dimension` claims; both must ascend, as Excel itself demands.
 */
export async function* sheetRows(
  chunks: AsyncIterable<Buffer>,
  context: ValueContext,
  failPart: XmlFail,
  failCell: SheetFail,
): AsyncGenerator<RowBatch> {
  const at: Position = { row: 0, column: -1, isRowAssumed: false };
  const fail = (what: string) => failCell(what, at.row, at.column < 0 ? null : columnLetters(at.column));
  const builder = rowBatchBuilder(fail);
  const scanner = scanXml(sheetHandler(builder, context, at, fail), failPart);
  for await (const chunk of chunks) {
    scanner.push(chunk);
    while (scanner.step()) yield builder.take()!;
  }
  scanner.finish();
  const last = builder.take();
  if (last !== null) yield last;
}

/** The present row (1-based, 0 before the first) and column (0-based, -1 before the first). */
type Position = {
  row: number;
  column: number;
  /** True when the row has no number of its own. */
  isRowAssumed: boolean;
};

const letterC = 0x63;
const letterT = 0x74;
const letterV = 0x76;

/**
 * Knows five elements: row, c, v, and t within is, except under rPh. Names are told by length and first byte, and
 * the state is in closed-over variables, because every tag of the sheet comes through here: 40 million in a file
 * of 500,000 rows.
 */
function sheetHandler(builder: RowBatchBuilder, context: ValueContext, at: Position, fail: (what: string) => Error): XmlHandler {
  const cell: CellStart = { row: 0, column: -1, style: 0, type: cellType.number };
  let isInData = false;
  let isInCell = false;
  let isInline = false;
  let isPhonetic = false;

  const handler: XmlHandler = {
    wantsText: false,
    open(bytes, nameStart, nameEnd, tagEnd) {
      const length = nameEnd - nameStart;
      const first = bytes[nameStart];
      if (!isInData) {
        isInData = length === 9 && isNamed(bytes, nameStart, 'sheetData');
      } else if (length === 1) {
        if (first === letterV) handler.wantsText = isInCell;
        else if (first === letterT) handler.wantsText = isInline && !isPhonetic;
        else if (first === letterC) {
          readCellStart(bytes, nameEnd, tagEnd, cell);
          moveToCell(at, cell, fail);
          isInCell = true;
        }
      } else if (length === 2) {
        isInline = isInCell && isNamed(bytes, nameStart, 'is');
      } else if (length === 3) {
        if (isNamed(bytes, nameStart, 'rPh')) isPhonetic = true;
        else if (isNamed(bytes, nameStart, 'row')) {
          readCellStart(bytes, nameEnd, tagEnd, cell);
          moveToRow(at, cell, fail);
        }
      }
    },
    close(bytes, nameStart, nameEnd) {
      const length = nameEnd - nameStart;
      handler.wantsText = false;
      if (!isInData) return false;
      if (length === 1) {
        if (bytes[nameStart] !== letterC) return false;
        builder.endCell(at.column, finishValue(builder, cell.type, cell.style, context, fail));
        isInCell = isInline = false;
      } else if (length === 2) {
        isInline = false;
      } else if (length === 3) {
        if (isNamed(bytes, nameStart, 'row')) return builder.endRow(at.row);
        if (isNamed(bytes, nameStart, 'rPh')) isPhonetic = false;
      } else if (length === 9 && isNamed(bytes, nameStart, 'sheetData')) {
        isInData = false;
      }
      return false;
    },
    text(bytes, start, end, isCdata) {
      builder.reserve(end - start);
      appendXmlText(builder.sink, bytes, start, end, isCdata, fail);
    },
  };
  return handler;
}

function isNamed(bytes: Buffer, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index++) if (bytes[start + index] !== name.charCodeAt(index)) return false;
  return true;
}

/** A row without a number follows the one before; its first cell may say otherwise. */
function moveToRow(at: Position, given: CellStart, fail: (what: string) => Error): void {
  const previous = at.row;
  at.column = -1;
  if (given.row !== 0 && given.row <= previous) throw fail(`is followed by row ${given.row}: rows must ascend`);
  if (given.row > maxRows) throw fail(`is followed by a row that no sheet can have (the last one is ${maxRows})`);
  at.isRowAssumed = given.row === 0;
  at.row = at.isRowAssumed ? previous + 1 : given.row;
  if (at.row > maxRows) throw fail(`is beyond the last row that a sheet can have (${maxRows})`);
}

function moveToCell(at: Position, given: CellStart, fail: (what: string) => Error): void {
  const previous = at.column;
  const column = given.column < 0 ? previous + 1 : given.column;
  if (column >= maxColumns) throw fail(`is followed by a cell in a column that no sheet can have (the last one is XFD)`);
  if (column <= previous) throw fail(`is followed by column ${columnLetters(column)}: columns must ascend`);
  at.column = column;
  if (previous < 0 && at.isRowAssumed && given.row > at.row && given.row <= maxRows) at.row = given.row;
  if (given.row !== 0 && given.row !== at.row) throw fail(`is said to stand in row ${given.row}`);
}
