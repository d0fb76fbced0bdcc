import type { RejectCode } from '../core/codes.ts';
import type { Dataset } from '../core/dataset.ts';
import type { RecordShape, RowError } from '../core/record.ts';
import type { RowBatch } from '../core/rows.ts';
import { cellError, rowError } from './messages.ts';
import { noErrors, type RowReader } from './row-reader.ts';
import { compileRules } from './rules.ts';

export type RowChecks = {
  /** Coerces a row and finds every error that it has. */
  readonly errorsOf: (batch: RowBatch, row: number, isKeyless: boolean) => readonly RowError[];
  /** The key of the row just read, unless one of its parts could not be read. One that breaks a rule was read. */
  readonly keyOf: (errors: readonly RowError[]) => (string | null)[] | null;
};

const unreadable: ReadonlySet<RejectCode> = new Set([
  'type-error',
  'out-of-range',
  'scale-exceeded',
  'number-imprecise',
  'character-invalid',
]);

export function createRowChecks(dataset: Dataset, shape: RecordShape, reader: RowReader): RowChecks {
  const { columns } = shape;
  const checkRules = compileRules(columns.map((column, index) => ({ index, column, keywords: column.keywords })));
  const required = dataset.requiredValues
    .map((name) => columns.findIndex((column) => column.name === name))
    .filter((index) => index >= 0);
  const keyNames = new Set(shape.key?.map((index) => columns[index]!.name));

  const lacksValue = (): boolean => {
    const { starts } = reader.view;
    for (const index of required) if (starts[index]! < 0) return true;
    return false;
  };
  const addBlanks = (errors: RowError[], batch: RowBatch, row: number, isKeyless: boolean): void => {
    for (const index of required) {
      if (reader.view.starts[index]! >= 0) continue;
      const column = columns[index]!;
      // A cell that could not be read is no blank, and a missing key was said already.
      if (errors.some((error) => error.column === column.name) || (isKeyless && keyNames.has(column.name))) continue;
      errors.push(cellError('value-required', column, reader.cellAt(batch, row, index)));
    }
  };
  const keyMissing = (batch: RowBatch, row: number): RowError => {
    const [only, ...others] = shape.key ?? [];
    const error = rowError('key-missing', `the key (${[...keyNames].join(', ')}) is blank`);
    if (only === undefined || others.length > 0) return error;
    return { ...error, column: columns[only]!.name, value: reader.cellAt(batch, row, only) };
  };
  return {
    errorsOf: (batch, row, isKeyless) => {
      const unread = reader.readAll(batch, row);
      const broken = checkRules(reader.view);
      if (unread.length + broken.length === 0 && !isKeyless && !lacksValue()) return noErrors;
      const errors = [...unread];
      if (isKeyless) errors.unshift(keyMissing(batch, row));
      addBlanks(errors, batch, row, isKeyless);
      for (const { index, code } of broken) {
        errors.push(cellError(code, columns[index]!, reader.cellAt(batch, row, index)));
      }
      return errors;
    },
    keyOf: (errors) => {
      const isUnreadable = errors.some(({ code, column }) => unreadable.has(code) && column !== null && keyNames.has(column));
      return isUnreadable ? null : reader.key();
    },
  };
}
