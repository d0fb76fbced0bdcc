import type { Column, Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { snakeCase } from '../core/names.ts';
import type { RecordShape } from '../core/record.ts';
import type { HeaderCell } from './header-cell.ts';
import { nameUnknown } from './unknown-columns.ts';

export type ColumnMatch = {
  shape: RecordShape;
  cellOfColumn: Int32Array;
  mapped: Record<string, string>;
  unknown: string[];
  missing: string[];
  renamed: Record<string, string>;
};

type Where = { readonly fileName: string; readonly rowNumber: number };

/** Gives each column of the dataset its cell. Throws header-ambiguous and column-unknown. */
export function assignColumns(dataset: Dataset, cells: readonly HeaderCell[], where: Where): ColumnMatch {
  const declared = dataset.columns.map((column) => ({ column, position: positionOf(column, cells, where) }));
  const taken = new Set(declared.map(({ position }) => position));
  const unknown = cells.filter(({ position, name }) => name !== '' && !taken.has(position));
  if (dataset.unknownColumns === 'fail' && unknown.length > 0) throw columnUnknown(dataset, unknown, where);
  const others = dataset.unknownColumns === 'text' ? nameUnknown(unknown, dataset.columns) : [];
  const all = [...declared, ...others].toSorted((a, b) => (a.column.name < b.column.name ? -1 : 1));
  const columns = all.map(({ column }) => column);
  const nameAt = new Map(cells.map(({ position, name }) => [position, name]));
  return {
    shape: { columns, key: keyOf(dataset, columns) },
    cellOfColumn: Int32Array.from(all, ({ position }) => position),
    mapped: Object.fromEntries(
      all.flatMap(({ column, position }) => (position < 0 ? [] : [[column.name, nameAt.get(position)!]])),
    ),
    unknown: unknown.map(({ name }) => name),
    missing: declared.filter(({ position }) => position < 0).map(({ column }) => column.name),
    renamed: Object.fromEntries(
      others.flatMap(({ column, position }) => {
        const name = nameAt.get(position)!;
        return name.startsWith('_') ? [[name, column.name]] : [];
      }),
    ),
  };
}

/** The cells that answer to one of the names of a column. */
export function positionsOf(aliases: readonly string[], cells: readonly HeaderCell[]): number[] {
  const folded = new Set(aliases.map(snakeCase));
  return cells
    .filter((cell) => (cell.folded !== '' && folded.has(cell.folded)) || (cell.name !== '' && aliases.includes(cell.name)))
    .map(({ position }) => position);
}

/**
 * Two headers for one column are refused, not settled by the order of the aliases: that once took a relation's
 * id for the record's own, and two tables stayed empty. Only a header that is an alias to the letter wins.
 */
function positionOf(column: Column, cells: readonly HeaderCell[], { fileName, rowNumber }: Where): number {
  const positions = positionsOf(column.from, cells);
  if (positions.length <= 1) return positions[0] ?? -1;
  const literal = positions.filter((position) => column.from.includes(cells[position]!.name));
  if (literal.length === 1) return literal[0]!;
  const names = positions.map((position) => `${JSON.stringify(cells[position]!.name)} (column ${position + 1})`).join(' and ');
  throw new ProjetusError('header-ambiguous', `${fileName}, row ${rowNumber}: ${names} both answer to ${column.name}`, {
    file: fileName,
    line: rowNumber,
    column: column.name,
    hint: `name one of them, just as it is written there, in columns.${column.name}.from, and rename the other in the file if they are equal`,
  });
}

function columnUnknown(dataset: Dataset, unknown: readonly HeaderCell[], { fileName, rowNumber }: Where): ProjetusError {
  const names = unknown.map(({ name }) => name);
  const message = `${fileName}, row ${rowNumber}: columns that ${dataset.name} does not declare: ${names.join(', ')}`;
  return new ProjetusError('column-unknown', message, {
    file: fileName,
    line: rowNumber,
    column: names[0]!,
    hint: `declare them under columns of ${dataset.name}, or set unknown_columns to ignore or text`,
  });
}

function keyOf(dataset: Dataset, columns: readonly Column[]): readonly number[] | null {
  if (dataset.key === 'content') return null;
  return dataset.key.map((part) => columns.findIndex(({ name }) => name === part));
}
