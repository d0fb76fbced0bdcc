import type { Dataset } from '../core/dataset.ts';
import type { RecordSink } from '../core/record.ts';
import type { ControlTotal, Profile } from '../core/report.ts';
import { lineOf, rowTexts, type RowBatch } from '../core/rows.ts';
import { countDamage, holdsDamage, type DamagedText } from './damaged-text.ts';
import type { HeaderMatch } from './header.ts';
import { createKeylessRows } from './keyless-rows.ts';
import { createProfiler } from './profile.ts';
import { createRecordHasher } from './record-hash.ts';
import { createRowChecks } from './row-checks.ts';
import { createRowReader } from './row-reader.ts';
import { createRowStructure } from './row-structure.ts';
import { createRowTotals } from './row-totals.ts';
import { compileWhere } from './where.ts';

/** Turns the rows of one file into records and rejects. */
export type Validator = {
  /** Takes the rows of a batch from `firstRow` on; what is above the first data row is not data. */
  readonly push: (batch: RowBatch, firstRow: number) => void;
  /** Settles what the last rows were, and gives the totals. */
  readonly finish: () => ValidationTotals;
};

/** Each count comes from its own counter: `read = records + filtered + rejected` is a check, not a definition. */
export type ValidationTotals = {
  readonly read: number;
  readonly records: number;
  readonly filtered: number;
  readonly rejected: number;
  readonly blankRows: number;
  readonly footerRows: number;
  readonly errorCells: Record<string, number>;
  readonly absurdDates: Record<string, number>;
  readonly damagedText: DamagedText;
  readonly controlTotals: ControlTotal[];
  /** Of the records that were not stored yet. */
  readonly profile: Profile;
};

export type ValidatorInput = {
  readonly dataset: Dataset;
  readonly header: HeaderMatch;
  readonly isRagged: boolean;
  readonly sink: RecordSink;
};

export function createValidator({ dataset, header, isRagged, sink }: ValidatorInput): Validator {
  const shape = header.shape;
  const counts = { read: 0, records: 0, filtered: 0, rejected: 0, blankRows: 0 };
  const damagedText: DamagedText = { replaced: 0, doubleEncoded: 0 };
  const reader = createRowReader(dataset, header);
  const structure = createRowStructure(header, isRagged);
  const hasher = createRecordHasher(shape);
  const where = compileWhere(dataset, shape);
  const mayHaveFooter = dataset.format.footer === 'auto' && shape.key !== null;
  const totals = createRowTotals(shape, reader, mayHaveFooter);
  const profiler = createProfiler(shape);
  const checks = createRowChecks(dataset, shape, reader);
  const keyless = createKeylessRows(mayHaveFooter, (batch, row) => {
    counts.read++;
    validate(batch, row, true);
  });

  /** Whether the batch holds damaged text somewhere. */
  let isDamaged = false;

  const pushRow = (batch: RowBatch, row: number): void => {
    if (batch.spans?.isKnown[row] === 1) return pushKnown();
    if (structure.isBlank(batch, row)) return void counts.blankRows++;
    const keyState = keyStateOf(batch, row);
    if (keyState === 'blank') return keyless.hold(batch, row);
    if (keyState === 'present') keyless.keyed();
    counts.read++;
    if (where.columns.length > 0 && isFiltered(batch, row)) filter(batch, row);
    else validate(batch, row, false);
  };
  const pushKnown = (): void => {
    keyless.keyed();
    counts.read++;
    counts.records++;
  };
  /**
   * A text row that ends before its key is `unknown`, not keyless: a file cut off in its last line must not pass
   * for one with a footer.
   */
  const keyStateOf = (batch: RowBatch, row: number): 'present' | 'blank' | 'unknown' => {
    if (shape.key === null) return 'present';
    let isAbsent = false;
    for (const part of shape.key) {
      const presence = reader.presence(batch, row, part);
      if (presence === 'value') return 'present';
      isAbsent ||= presence === 'absent';
    }
    return isAbsent && !isRagged ? 'unknown' : 'blank';
  };
  /** A row that lacks a cell which the filter names is for the rejects: what it would have said is not known. */
  const isFiltered = (batch: RowBatch, row: number): boolean => {
    const lacksCell = !isRagged && where.columns.some((column) => isCutOff(batch, row, column));
    return !lacksCell && reader.readSome(batch, row, where.columns) && !where.lets(reader.view);
  };
  const isCutOff = (batch: RowBatch, row: number, column: number): boolean =>
    header.cellOfColumn[column]! >= 0 && reader.presence(batch, row, column) === 'absent';
  const filter = (batch: RowBatch, row: number): void => {
    counts.filtered++;
    const isWhole = structure.errorOf(batch, row) === null;
    if (isWhole) totals.addFiltered(batch, row);
    const isKeyRead = isWhole && shape.key !== null && reader.readSome(batch, row, shape.key);
    sink.filtered(isKeyRead ? reader.key() : null, batch.rowNumbers[row]!);
  };
  const validate = (batch: RowBatch, row: number, isKeyless: boolean): void => {
    const broken = structure.errorOf(batch, row);
    const errors = broken === null ? checks.errorsOf(batch, row, isKeyless) : [broken];
    const reports = (broken === null && totals.addRead(batch, row, errors)) || (isDamaged && holdsDamage(batch, row));
    if (errors.length > 0) {
      counts.rejected++;
      const key = broken === null ? checks.keyOf(errors) : null;
      return sink.reject({ rowNumber: batch.rowNumbers[row]!, cells: rowTexts(batch, row), errors, key });
    }
    reader.view.hash = hasher.hash(reader.view);
    reader.view.line = reports ? null : lineOf(batch, row);
    counts.records++;
    if (sink.record(reader.view)) profiler.add(reader.view, reader.units);
  };
  return {
    push: (batch, firstRow) => {
      isDamaged = countDamage(batch, firstRow, damagedText) > 0;
      for (let row = firstRow; row < batch.rowCount; row++) pushRow(batch, row);
    },
    finish: () => {
      const footer = keyless.finish();
      return { ...counts, footerRows: footer.length, damagedText, ...totals.finish(footer[0]), profile: profiler.finish() };
    },
  };
}
