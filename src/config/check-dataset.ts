import type { Column, Dataset } from '../core/dataset.ts';
import { downloadName } from '../core/download-name.ts';
import { nearest, snakeCase } from '../core/names.ts';
import { checkKeywords } from './check-keywords.ts';
import type { DatasetFile } from './config-file.ts';
import type { Path } from './path.ts';
import type { Problem } from './problems.ts';

/** Tables that are ours, and those that Kysely keeps its migrations in. */
const reservedTables = new Set(
  'runs datasets extraction_logs data_lineage lineage_history quarantine reconciliations alerts alert_deliveries'
    .split(' ')
    .concat('kysely_migration', 'kysely_migration_lock'),
);

/** Columns that every table of PostgreSQL has already. */
const systemColumns = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);

/** PostgreSQL allows 1000 digits; 38 is what other databases and Parquet can take over. */
const maxPrecision = 38;

/** A value as messages may show it. */
export type Show = (path: Path) => string;

/** What no schema can say about one dataset. `path` is that of its entry in the file. */
export function checkDataset(dataset: Dataset, file: DatasetFile, path: Path, show: Show): Problem[] {
  const columnPath = (name: string, index: number): Path =>
    file.columns === undefined ? [...path, 'required_columns', index] : [...path, 'columns', name];
  return [
    ...checkName(dataset, path),
    ...checkUrl(dataset, path),
    ...dataset.columns.flatMap((column, index) => checkColumn(column, columnPath(column.name, index))),
    ...checkHeaderNames(dataset.columns, path),
    ...checkKey(dataset, path),
    ...checkReferences(dataset.columns, file, path, show),
    ...dataset.where.flatMap(({ column, keywords }) => {
      const declared = dataset.columns.find(({ name }) => name === column);
      return declared === undefined ? [] : checkKeywords(keywords, declared.type, [...path, 'where', column]);
    }),
  ];
}

function checkName({ name }: Dataset, path: Path): Problem[] {
  const at = { path: [...path, 'name'], at: 'value' } as const;
  if (reservedTables.has(name) || name.startsWith('lineage_history_')) {
    return [{ ...at, message: 'this name is that of a table of projetus; choose another' }];
  }
  return name.endsWith('_live') ? [{ ...at, message: 'names that end in _live are those of views; choose another' }] : [];
}

/** The address itself is not repeated: it may hold a token. */
function checkUrl({ name, url }: Dataset, path: Path): Problem[] {
  if (url === null || downloadName(url) !== null) return [];
  const message = URL.canParse(url)
    ? `the address does not end in the name of a data file; write that behind it, such as #${name}.csv`
    : 'this is no address';
  return [{ path: [...path, 'url'], at: 'value', message }];
}

function checkColumn({ name, type, keywords }: Column, path: Path): Problem[] {
  const problems = checkKeywords(keywords, type, path);
  if (systemColumns.has(name)) problems.push({ path, at: 'key', message: 'PostgreSQL has a column of this name in every table' });
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) {
    problems.push({ path, at: 'key', message: 'a column name has small letters, digits and _, and begins with a letter' });
  }
  if (type.kind === 'decimal' && !(type.scale >= 1 && type.scale <= type.precision && type.precision <= maxPrecision)) {
    const message = `decimal(p,s) needs 1 <= s <= p <= ${maxPrecision}; for whole numbers there is integer`;
    problems.push({ path: [...path, 'type'], at: 'value', message });
  }
  return problems;
}

/** Two columns that answer to one header would have to be told apart by guessing. */
function checkHeaderNames(columns: readonly Column[], path: Path): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const column of columns) {
    for (const [index, header] of column.from.entries()) {
      const folded = snakeCase(header);
      const owner = owners.get(folded);
      const at = { path: [...path, 'columns', column.name, 'from', index], at: 'value' } as const;
      if (folded === '') problems.push({ ...at, message: 'a header name needs a letter or a digit' });
      else if (owner !== undefined && owner !== column.name) {
        problems.push({
          ...at,
          message: `the column "${owner}" has this header name too (accents, case and blanks do not matter)`,
        });
      } else owners.set(folded, column.name);
    }
  }
  return problems;
}

function checkKey(dataset: Dataset, path: Path): Problem[] {
  if (dataset.key.length > 0) return [];
  const message = 'the dataset has no key: write key: [COLUMN], key: content, or required_columns';
  return [{ path, at: 'value', message }];
}

/** Every column that is named somewhere must be declared. */
function checkReferences(columns: readonly Column[], file: DatasetFile, path: Path, show: Show): Problem[] {
  const declared = columns.map(({ name }) => name);
  const named: (readonly [string, Path])[] = [
    ...(file.key === 'content' ? [] : listed('key', file.key)),
    ...listed('required_columns', file.required_columns),
    ...listed('required_values', file.required_values),
    ...Object.keys(file.where).map((name) => [name, ['where', name]] as const),
    ...file.relations.map(({ column }, index) => [column, ['relations', index, 'column']] as const),
    ...file.indexes.flatMap((index, i) => index.map((name, j) => [name, ['indexes', i, j]] as const)),
  ];
  const undeclared = named.filter(([name]) => !declared.includes(name));
  return undeclared.map(([name, rest]) => {
    const at = rest[0] === 'where' ? 'key' : 'value';
    const shown = at === 'key' ? JSON.stringify(name) : show([...path, ...rest]);
    return { path: [...path, ...rest], at, message: noSuchColumn(shown, name, declared) };
  });
}

function listed(key: string, names: readonly string[] = []): (readonly [string, Path])[] {
  return names.map((name, index) => [name, [key, index]]);
}

export function noSuchColumn(shown: string, name: string, declared: readonly string[]): string {
  const meant = nearest(name, declared);
  if (meant !== null) return `no column ${shown} is declared; did you mean "${meant}"?`;
  return `no column ${shown} is declared; there are ${declared.slice(0, 20).join(', ')}${declared.length > 20 ? ', …' : ''}`;
}
