import type { Column, ColumnType, Dataset, Keywords } from '../../src/core/dataset.ts';
import { valueText, type RecordShape, type RecordView, type Reject } from '../../src/core/record.ts';
import { cellKind, type RowBatch } from '../../src/core/rows.ts';
import { matchHeader } from '../../src/validate/header.ts';
import { createValidator, type ValidationTotals } from '../../src/validate/validator.ts';

/** A cell as text of a CSV, or with the kind that a reader gave it. */
export type TestCell = string | { readonly kind: keyof typeof cellKind; readonly bytes: string | Buffer };

/** A table of the test as a reader would hand it over. `malformed` names rows by index. */
export function batchOf(rows: readonly (readonly TestCell[])[], firstRowNumber = 1, malformed: readonly number[] = []): RowBatch {
  const cells = rows.flat().map((cell) => (typeof cell === 'string' ? { kind: 'text' as const, bytes: cell } : cell));
  const parts = cells.map(({ bytes }) => Buffer.from(bytes as string));
  let end = 0;
  const ends = parts.map((part) => (end += part.length));
  let count = 0;
  return {
    bytes: Buffer.concat(parts),
    rowCount: rows.length,
    rowNumbers: Uint32Array.from(rows, (_, index) => firstRowNumber + index),
    rowEnds: Uint32Array.from(rows, (row) => (count += row.length)),
    rowMalformed: Uint8Array.from(rows, (_, index) => (malformed.includes(index) ? 1 : 0)),
    cellStarts: Uint32Array.from(ends, (cellEnd, index) => cellEnd - parts[index]!.length),
    cellEnds: Uint32Array.from(ends),
    cellKinds: Uint8Array.from(cells, ({ kind }) => cellKind[kind]),
    spans: null,
  };
}

export function typeOf(text: string): ColumnType {
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(text);
  if (decimal !== null) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  return { kind: text as Exclude<ColumnType['kind'], 'decimal'> };
}

export function columnOf(name: string, type = 'text', keywords: Keywords = {}, from: readonly string[] = [name]): Column {
  return { name, from, type: typeOf(type), keywords };
}

/** The first column is the key, and required, unless `overrides` says otherwise. */
export function datasetOf(columns: readonly Column[], overrides: Partial<Dataset> = {}): Dataset {
  const key = overrides.key ?? columns.slice(0, 1).map(({ name }) => name);
  const parts = key === 'content' ? [] : key;
  return {
    name: 'things',
    entity: 'thing',
    match: [],
    url: null,
    format: formatOf(),
    snapshot: 'full',
    key,
    columns,
    requiredColumns: parts,
    requiredValues: parts,
    unknownColumns: 'ignore',
    where: [],
    distinct: false,
    duplicates: 'reject',
    maxRejectedPercent: 1,
    onVanish: 'mark',
    maxVanishedPercent: 10,
    relations: [],
    indexes: [],
    expect: { required: true, minRows: 1, maxAgeHours: null, mustChange: false },
    volumeTolerancePercent: 10,
    onVolumeAnomaly: 'warn',
    distribution: 'none',
    ...overrides,
  };
}

export function formatOf(overrides: Partial<Dataset['format']> = {}): Dataset['format'] {
  return {
    sheet: 1,
    member: null,
    headerRow: 'auto',
    delimiter: 'auto',
    encoding: 'auto',
    decimal: 'auto',
    footer: 'auto',
    nullValues: ['', '-', 'NULL'],
    ...overrides,
  };
}

export type Outcome = {
  records: Record<string, string | null>[];
  hashes: string[];
  recordRows: number[];
  rejects: Reject[];
  filtered: { key: readonly (string | null)[] | null; rowNumber: number }[];
  totals: ValidationTotals;
};

export type Options = { isRagged?: boolean; malformed?: readonly number[]; batchRows?: number };

/** Validates a table whose first row is the header; `malformed` counts the data rows from 0. */
export function validate(
  dataset: Dataset,
  header: readonly string[],
  rows: readonly (readonly TestCell[])[],
  options: Options = {},
): Outcome {
  const match = matchHeader(dataset, [{ rowNumber: 1, cells: header }], 'things.csv');
  const outcome: Omit<Outcome, 'totals'> = { records: [], hashes: [], recordRows: [], rejects: [], filtered: [] };
  const validator = createValidator({
    dataset,
    header: match,
    isRagged: options.isRagged ?? false,
    sink: {
      record: (view) => {
        outcome.records.push(valuesOf(match.shape, view));
        outcome.hashes.push(view.hash);
        outcome.recordRows.push(view.rowNumber);
        return true;
      },
      reject: (reject) => outcome.rejects.push(reject),
      filtered: (key, rowNumber) => outcome.filtered.push({ key, rowNumber }),
    },
  });
  const size = options.batchRows ?? Math.max(1, rows.length);
  for (let from = 0; from < rows.length; from += size) {
    const malformed = (options.malformed ?? []).map((row) => row - from);
    validator.push(batchOf(rows.slice(from, from + size), 2 + from, malformed), 0);
  }
  return { ...outcome, totals: validator.finish() };
}

export function valuesOf(shape: RecordShape, view: RecordView): Record<string, string | null> {
  return Object.fromEntries(shape.columns.map((column, index) => [column.name, valueText(view, index)]));
}

/** `code` or `code:column` for each error of each reject. */
export function codesOf(outcome: Outcome): string[][] {
  return outcome.rejects.map(({ errors }) => errors.map(({ code, column }) => (column === null ? code : `${code}:${column}`)));
}

/** What one cell becomes in a column of a type: its canonical text, null, or the code that refuses it. */
export function coerced(type: string, cell: TestCell, format: Partial<Dataset['format']> = {}): string | null | { code: string } {
  const dataset = datasetOf([columnOf('id'), columnOf('value', type)], { format: formatOf(format) });
  const outcome = validate(dataset, ['id', 'value'], [['1', cell]]);
  const error = outcome.rejects[0]?.errors[0];
  return error === undefined ? outcome.records[0]!['value']! : { code: error.code };
}
