import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { nearest, snakeCase } from '../core/names.ts';
import type { RecordShape } from '../core/record.ts';
import { readHeader, type HeaderCell } from './header-cell.ts';
import { assignColumns, positionsOf } from './header-columns.ts';

/** How the header of a file was understood. */
export type HeaderMatch = {
  /** The header's row, as RowBatch counts rows. */
  readonly rowNumber: number;
  /** Every name of the header, as in the file. */
  readonly names: readonly string[];
  readonly width: number;
  readonly shape: RecordShape;
  /** The position in the file of each column of the shape; -1 when the file lacks it. */
  readonly cellOfColumn: Int32Array;
  /** Column to header. */
  readonly mapped: Record<string, string>;
  /** Headers that no declared column names; with `unknown_columns: text` they are mapped as well. */
  readonly unknown: string[];
  /** Declared columns that the file lacks; they are NULL. */
  readonly missing: string[];
  /** Header to column, for headers that begin with `_`: such names are ours. */
  readonly renamed: Record<string, string>;
  readonly decisions: string[];
};

export type FirstRow = { readonly rowNumber: number; readonly cells: readonly string[] };

/**
 * Finds the header among the first rows of a file and says which cell is which column, by name and never by
 * position. Names are compared as `snakeCase`. Throws header-missing, header-ambiguous and column-unknown.
 */
export function matchHeader(dataset: Dataset, firstRows: readonly FirstRow[], fileName: string): HeaderMatch {
  const { row, decision } = findHeader(dataset, firstRows, fileName);
  const cells = readHeader(row.cells);
  const missing = requiredAndMissing(dataset, cells);
  if (missing.length > 0) throw headerMissing(dataset, cells, missing, row.rowNumber, fileName);
  return Object.freeze({
    rowNumber: row.rowNumber,
    names: row.cells,
    width: row.cells.length,
    ...assignColumns(dataset, cells, { fileName, rowNumber: row.rowNumber }),
    decisions: [decision],
  });
}

function findHeader(dataset: Dataset, rows: readonly FirstRow[], fileName: string): { row: FirstRow; decision: string } {
  const configured = dataset.format.headerRow;
  if (configured === 'auto') return detectHeader(dataset, rows, fileName);
  const row = rows.find(({ rowNumber }) => rowNumber === configured);
  if (row !== undefined) return { row, decision: `header row ${configured}: configured` };
  throw new ProjetusError('header-missing', `${fileName}: there is no row ${configured}, the header_row of ${dataset.name}`, {
    file: fileName,
    line: configured,
    hint: `set format.header_row of ${dataset.name} to auto, or to the row that holds the column names`,
  });
}

function detectHeader(dataset: Dataset, rows: readonly FirstRow[], fileName: string): { row: FirstRow; decision: string } {
  const candidates = rows.map((row) => ({ row, cells: readHeader(row.cells) })).filter(({ cells }) => filled(cells) > 0);
  const required = dataset.requiredColumns;
  const complete = candidates.find(({ cells }) => required.length > 0 && requiredAndMissing(dataset, cells).length === 0);
  if (complete !== undefined) {
    const { row } = complete;
    return { row, decision: `header row ${row.rowNumber}: the first that holds the required columns ${required.join(', ')}` };
  }
  if (candidates.length === 0) {
    throw new ProjetusError('header-missing', `${fileName}: none of the first ${rows.length} rows holds anything`, {
      file: fileName,
    });
  }
  const best = likeliest(dataset, candidates);
  if (required.length === 0 && dataset.columns.length > 0 && declaredIn(dataset, best.cells) === 0) {
    const names = dataset.columns.map(({ name }) => name);
    throw headerMissing(dataset, best.cells, names, best.row.rowNumber, fileName);
  }
  return { row: best.row, decision: `header row ${best.row.rowNumber}: the likeliest of the first ${rows.length} rows` };
}

type Candidate = { readonly row: FirstRow; readonly cells: readonly HeaderCell[] };

/** The row with the most declared columns; where none is declared, the first that is more than half as full as the fullest. */
function likeliest(dataset: Dataset, candidates: readonly Candidate[]): Candidate {
  const best = candidates.toSorted((a, b) => declaredIn(dataset, b.cells) - declaredIn(dataset, a.cells))[0]!;
  if (declaredIn(dataset, best.cells) > 0) return best;
  const fullest = Math.max(...candidates.map(({ cells }) => filled(cells)));
  return candidates.find(({ cells }) => filled(cells) * 2 > fullest)!;
}

function filled(cells: readonly HeaderCell[]): number {
  return cells.filter(({ name }) => name !== '').length;
}

function declaredIn(dataset: Dataset, cells: readonly HeaderCell[]): number {
  return dataset.columns.filter((column) => positionsOf(column.from, cells).length > 0).length;
}

function requiredAndMissing(dataset: Dataset, cells: readonly HeaderCell[]): string[] {
  return dataset.requiredColumns.filter((name) => positionsOf(aliasesOf(dataset, name), cells).length === 0);
}

function aliasesOf(dataset: Dataset, name: string): readonly string[] {
  return dataset.columns.find((column) => column.name === name)?.from ?? [name];
}

function headerMissing(
  dataset: Dataset,
  cells: readonly HeaderCell[],
  missing: readonly string[],
  rowNumber: number,
  fileName: string,
): ProjetusError {
  const lacks = `row ${rowNumber}, the likeliest header, lacks ${missing.join(', ')}`;
  return new ProjetusError('header-missing', `${fileName}: ${lacks} (dataset ${dataset.name})`, {
    file: fileName,
    line: rowNumber,
    column: missing[0]!,
    hint: missing.map((name) => hintFor(dataset, name, cells)).join('; '),
  });
}

/** More headers than these are not named where any of them may be meant. */
const mostNamed = 10;

/** Longer cells are texts, not names. */
const longestName = 100;

/** Which header may be the lost column under a new name: one that no other column claims; and the line that says so. */
function hintFor(dataset: Dataset, name: string, cells: readonly HeaderCell[]): string {
  const aliases = aliasesOf(dataset, name);
  const free = unclaimed(dataset, cells);
  const folded = free.map((cell) => cell.folded);
  const found = [name, ...aliases.map(snakeCase)].map((alias) => nearest(alias, folded)).find((candidate) => candidate !== null);
  const header = free.find((cell) => cell.folded === found)?.name ?? 'NAME IN THE FILE';
  // The names of yesterday stay: an audit reads the files of then.
  const declaration = `columns.${name}.from of ${dataset.name}: [${[...aliases, header].map((alias) => JSON.stringify(alias)).join(', ')}]`;
  if (found !== undefined) return `the nearest to ${name} is ${JSON.stringify(header)}; if it is meant, set ${declaration}`;
  const others = free.slice(0, mostNamed).map((cell) => JSON.stringify(cell.name));
  const more = free.length > mostNamed ? ', …' : '';
  const candidates = others.length === 0 ? '' : `, and these are not declared: ${others.join(', ')}${more}`;
  return `no header resembles ${name}${candidates}; if one is meant, set ${declaration}`;
}

function unclaimed(dataset: Dataset, cells: readonly HeaderCell[]): HeaderCell[] {
  const claimed = new Set(dataset.columns.flatMap((column) => positionsOf(column.from, cells)));
  return cells.filter(({ position, name, folded }) => folded !== '' && name.length <= longestName && !claimed.has(position));
}
