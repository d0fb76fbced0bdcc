import type { RejectCode } from '../core/codes.ts';
import type { Dataset } from '../core/dataset.ts';
import { valueText, type RecordView, type RowError } from '../core/record.ts';
import { cellKind, cellText, type RowBatch } from '../core/rows.ts';
import { cellState, createCellReader } from './coerce/cell.ts';
import { coercerOf } from './coerce/coercer.ts';
import { roundTo, type Exact } from './coerce/exact.ts';
import { parseNumberCell } from './coerce/number-text.ts';
import { createSlots, setNull } from './coerce/slots.ts';
import type { HeaderMatch } from './header.ts';
import { cellError } from './messages.ts';
import { firstCell } from './row-structure.ts';

/** Reads the cells of a row into one view, which is filled anew for each row. */
export type RowReader = {
  readonly view: RecordView;
  /** Of each number in the view, its digits as one whole number; inexact beyond 2^53. */
  readonly units: Float64Array;
  /** Coerces every column; counts error cells by column. */
  readonly readAll: (batch: RowBatch, row: number) => readonly RowError[];
  /** Coerces some columns; false when one of them cannot be read. */
  readonly readSome: (batch: RowBatch, row: number, columns: readonly number[]) => boolean;
  /** Whether a cell is absent, blank (an error or a null word counts as blank), or holds something. */
  readonly presence: (batch: RowBatch, row: number, column: number) => 'absent' | 'blank' | 'value';
  /** The number of a cell, whether it fits the column or not. */
  readonly numberAt: (batch: RowBatch, row: number, column: number) => Exact | null;
  readonly cellAt: (batch: RowBatch, row: number, column: number) => string;
  /** Canonical texts of the key's parts as last read; null when all are NULL or the dataset has no key. */
  readonly key: () => (string | null)[] | null;
  readonly errorCells: Uint32Array;
  /** Whether the row that was read whole last holds an error cell. */
  readonly hasErrorCell: () => boolean;
};

export function createRowReader(dataset: Dataset, header: HeaderMatch): RowReader {
  const { columns, key } = header.shape;
  const slots = createSlots(columns.length);
  const { cell, read } = createCellReader(dataset.format.nullValues);
  const coercers = columns.map((column) => coercerOf(column.type, dataset.format.decimal));
  const errorCells = new Uint32Array(columns.length);
  let hasErrorCell = false;

  /** The cell of a column, or -1 when the file or the row has none. */
  const cellIndex = (batch: RowBatch, row: number, column: number): number => {
    const position = header.cellOfColumn[column]!;
    const index = firstCell(batch, row) + position;
    return position >= 0 && index < batch.rowEnds[row]! ? index : -1;
  };
  const coerce = (batch: RowBatch, index: number, column: number): RejectCode | typeof isErrorCell | null => {
    setNull(slots, column);
    const state = index < 0 ? cellState.blank : read(batch, index);
    if (state === cellState.value) return coercers[column]!(cell, slots, column);
    return state === cellState.error ? isErrorCell : null;
  };
  const readAll = (batch: RowBatch, row: number): readonly RowError[] => {
    let errors: RowError[] | null = null;
    slots.used = 0;
    hasErrorCell = false;
    slots.view.rowNumber = batch.rowNumbers[row]!;
    const first = firstCell(batch, row);
    const end = batch.rowEnds[row]!;
    for (let column = 0; column < columns.length; column++) {
      const position = header.cellOfColumn[column]!;
      const index = position >= 0 && first + position < end ? first + position : -1;
      const problem = coerce(batch, index, column);
      if (problem === null) continue;
      if (problem === isErrorCell) {
        errorCells[column]!++;
        hasErrorCell = true;
      } else (errors ??= []).push(cellError(problem, columns[column]!, cellText(batch, index)));
    }
    return errors ?? noErrors;
  };
  return {
    view: slots.view,
    units: slots.units,
    errorCells,
    hasErrorCell: () => hasErrorCell,
    readAll,
    readSome: (batch, row, some) => {
      slots.used = 0;
      const problems = some.map((column) => coerce(batch, cellIndex(batch, row, column), column));
      return problems.every((problem) => problem === null || problem === isErrorCell);
    },
    presence: (batch, row, column) => {
      const index = cellIndex(batch, row, column);
      if (index < 0) return 'absent';
      return read(batch, index) === cellState.value ? 'value' : 'blank';
    },
    numberAt: (batch, row, column) => {
      const index = cellIndex(batch, row, column);
      if (index < 0 || read(batch, index) !== cellState.value) return null;
      const value = parseNumberCell(cell, dataset.format.decimal);
      const { type } = columns[column]!;
      // A number of a workbook is a double: what a sum leaves beyond the column's scale is noise.
      const isNoisy = value !== null && cell.kind === cellKind.number && type.kind === 'decimal';
      return isNoisy ? roundTo(value, type.scale) : value;
    },
    cellAt: (batch, row, column) => {
      const index = cellIndex(batch, row, column);
      return index < 0 ? '' : cellText(batch, index);
    },
    key: () => {
      const parts = key?.map((column) => valueText(slots.view, column)) ?? [];
      return parts.some((part) => part !== null) ? parts : null;
    },
  };
}

/** One for all rows that have none: most of a million. */
export const noErrors: readonly RowError[] = [];

/** No reason to refuse a row, unlike the codes beside it. */
const isErrorCell = 'error-cell';
