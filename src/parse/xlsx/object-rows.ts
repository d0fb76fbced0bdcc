import { cellKind, type RowBatch } from '../../core/rows.ts';
import { columnLetters } from './cell-reference.ts';
import { dateStyle, dateStyleOf } from './date-format.ts';
import { numberText, type NumberText } from './number-text.ts';
import { rowBatchBuilder } from './row-batch-builder.ts';
import { serialText } from './serial-date.ts';
import { appendString, type TextFail } from './xml-text.ts';

/** A cell as SheetJS makes it: its type, its value and its number format. */
export type CellOfObject = {
  readonly t: string;
  readonly v?: string | number | boolean | Date | undefined;
  readonly z?: string | number | undefined;
};

/** Excel's error values by their code in old workbooks. */
const errorTexts: Readonly<Record<number, string>> = {
  0x00: '#NULL!',
  0x07: '#DIV/0!',
  0x0f: '#VALUE!',
  0x17: '#REF!',
  0x1d: '#NAME?',
  0x24: '#NUM!',
  0x2a: '#N/A',
  0x2b: '#GETTING_DATA',
};

/** Rows of cell objects as batches, with the same texts and kinds as the rows of an .xlsx. */
export function* objectRows(
  rows: readonly (readonly (CellOfObject | null | undefined)[] | null | undefined)[],
  is1904: boolean,
  fail: TextFail,
): Generator<RowBatch> {
  let place = '';
  const builder = rowBatchBuilder((what) => fail(`cell ${place} ${what}`));
  const styles = new Map<string | number, number>();
  for (const [index, row] of rows.entries()) {
    if (!row) continue;
    for (const [column, cell] of row.entries()) {
      if (!cell) continue;
      place = columnLetters(column) + String(index + 1);
      const { kind, text } = valueOf(cell, styleOf(cell, styles), is1904, (what) => fail(`cell ${place} ${what}`));
      builder.reserve(text.length * 3);
      appendString(builder.sink, text);
      builder.endCell(column, kind);
    }
    if (builder.endRow(index + 1)) yield builder.take()!;
  }
  const last = builder.take();
  if (last !== null) yield last;
}

function styleOf(cell: CellOfObject, styles: Map<string | number, number>): number {
  if (cell.z === undefined) return dateStyle.none;
  const known = styles.get(cell.z);
  if (known !== undefined) return known;
  const style = dateStyleOf(String(cell.z));
  styles.set(cell.z, style);
  return style;
}

function valueOf({ t, v }: CellOfObject, style: number, is1904: boolean, fail: TextFail): NumberText {
  if (t === 'b') return { kind: cellKind.boolean, text: v ? 'true' : 'false' };
  if (t === 'e') return { kind: cellKind.error, text: errorTexts[Number(v)] ?? '#VALUE!' };
  if (t === 'n' && typeof v === 'number') return numberValue(v, style, is1904);
  if (t === 's' && typeof v === 'string') return { kind: cellKind.text, text: v };
  if (t === 'z') return { kind: cellKind.text, text: '' };
  // A table of shared strings that could not be read leaves cells without a text.
  throw fail('has no value: the workbook is damaged');
}

function numberValue(value: number, style: number, is1904: boolean): NumberText {
  const number = numberText(String(value));
  const isSerial = style !== dateStyle.none && number.kind === cellKind.number;
  const date = isSerial ? serialText(value, style, is1904) : null;
  return date === null ? number : { kind: cellKind.date, text: date };
}
