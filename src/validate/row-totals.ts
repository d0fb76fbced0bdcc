import type { RecordShape, RowError } from '../core/record.ts';
import type { ControlTotal } from '../core/report.ts';
import type { RowBatch } from '../core/rows.ts';
import { bytes } from './coerce/white-space.ts';
import { createControlTotals } from './control-totals.ts';
import type { RowReader } from './row-reader.ts';

/** What is summed up over the rows of a file, beside the counts. */
export type RowTotals = {
  /** Takes the row that the reader has just read whole. True when there is something about it that each run reports. */
  readonly addRead: (batch: RowBatch, row: number, errors: readonly RowError[]) => boolean;
  /** Takes a row that the filter stopped: the totals of a footer are over all rows. */
  readonly addFiltered: (batch: RowBatch, row: number) => void;
  readonly finish: (footer: RowBatch | undefined) => {
    errorCells: Record<string, number>;
    absurdDates: Record<string, number>;
    controlTotals: ControlTotal[];
  };
};

export function createRowTotals(shape: RecordShape, reader: RowReader, mayHaveFooter: boolean): RowTotals {
  const { columns } = shape;
  const absurdDates = new Uint32Array(columns.length);
  const dates = columns.flatMap(({ type }, index) => (type.kind === 'date' || type.kind === 'timestamp' ? [index] : []));
  const control = createControlTotals(mayHaveFooter ? columns : []);

  const countAbsurdDates = (): number => {
    const { buffers, starts } = reader.view;
    let absurd = 0;
    for (const column of dates) {
      if (starts[column]! < 0 || !isAbsurd(buffers[column]!, starts[column]!)) continue;
      absurdDates[column]!++;
      absurd++;
    }
    return absurd;
  };
  /** A number that does not fit its column is no value, and yet a part of the footer's total. */
  const addMisfits = (batch: RowBatch, row: number): void => {
    for (const column of control.columns) {
      const value = reader.view.starts[column]! >= 0 ? null : reader.numberAt(batch, row, column);
      if (value !== null) control.addNumber(column, value);
    }
  };
  const byName = (counts: Uint32Array): Record<string, number> =>
    Object.fromEntries(columns.flatMap(({ name }, index) => (counts[index] === 0 ? [] : [[name, counts[index]!]])));
  const numbersOf = (footer: RowBatch) =>
    control.columns.flatMap((column) => {
      const value = reader.numberAt(footer, 0, column);
      return value === null ? [] : [{ column, value }];
    });
  return {
    addRead: (batch, row, errors) => {
      const absurd = countAbsurdDates();
      control.addView(reader.view, reader.units);
      if (errors.length > 0) addMisfits(batch, row);
      return absurd > 0 || reader.hasErrorCell();
    },
    addFiltered: (batch, row) => {
      if (control.columns.length === 0) return;
      const areRead = reader.readSome(batch, row, control.columns);
      control.addView(reader.view, reader.units);
      if (!areRead) addMisfits(batch, row);
    },
    finish: (footer) => ({
      errorCells: byName(reader.errorCells),
      absurdDates: byName(absurdDates),
      controlTotals: footer === undefined ? [] : control.compare(numbersOf(footer)),
    }),
  };
}

/** Before 1900 or after 2100, by the first four digits of an ISO text: 20/06/0011 and 30/05/3012 are in the official files. */
function isAbsurd(text: Buffer, start: number): boolean {
  let year = 0;
  for (let i = start; i < start + 4; i++) year = year * 10 + (text[i]! - bytes.zero);
  return year < 1900 || year > 2100;
}
