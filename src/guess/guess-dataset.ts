import type { Dataset, Format } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import type { Table } from '../core/rows.ts';
import { firstRows } from '../parse/first-rows.ts';
import type { SourceFile } from '../parse/inflate.ts';
import { openTable } from '../parse/open-table.ts';
import { matchHeader, type HeaderMatch } from '../validate/header.ts';
import { guessColumn, type ColumnGuess } from './column-guess.ts';
import { datasetFromText } from './dataset-from-text.ts';
import { nameCells, type LeftOut, type NamedCell } from './named-cells.ts';
import { matchPattern, tableName } from './names.ts';
import { styleOf, type SignsSeen } from './number-style.ts';
import { searchKeys, seeColumns, type FileSeen } from './see-file.ts';
import type { KeysFound } from './key-search.ts';

/** A dataset as it was guessed from one file. */
export type Guess = {
  readonly name: string;
  readonly match: string;
  readonly file: string;
  readonly headerRow: number;
  /** How the file was read, and why: sentences of the readers. */
  readonly decisions: readonly string[];
  /** Empty: no column and no few columns tell the rows apart. */
  readonly key: readonly string[];
  readonly otherKeys: readonly (readonly string[])[];
  readonly rows: number;
  readonly style: Format['decimal'];
  readonly signs: SignsSeen;
  readonly columns: readonly GuessedColumn[];
  /** Headers that no column can stand for, and why. */
  readonly leftOut: readonly LeftOut[];
  /** Rows with too few or too many cells: they will be rejects. */
  readonly brokenRows: number;
};

export type GuessedColumn = ColumnGuess & { readonly name: string; readonly header: string };

/**
 * Reads a file to its end, twice, and says what dataset it may be. Throws what the readers throw, and `source-empty` for a
 * file without rows.
 */
export async function guessDataset(file: SourceFile, signal: AbortSignal): Promise<Guess> {
  const draft = datasetFromText('- { name: draft, key: content }');
  const table = await openTable(file, draft.format, signal);
  const header = matchHeader(draft, await firstRows(table), file.name);
  const { named, leftOut } = nameCells(header);
  const opened = { table, header, named, nullValues: draft.format.nullValues, signal };
  const found = await searchKeys(opened);
  const [key = []] = found.keys;
  const seen = await seeColumns(opened, key);
  if (seen.rows === 0) throw noRows(file, header.rowNumber);
  return describe({ file, table, header, named, leftOut, draft, found, key, seen });
}

type Known = {
  readonly file: SourceFile;
  readonly table: Table;
  readonly header: HeaderMatch;
  readonly named: readonly NamedCell[];
  readonly leftOut: readonly LeftOut[];
  readonly draft: Dataset;
  readonly found: KeysFound;
  readonly key: readonly string[];
  readonly seen: FileSeen;
};

function describe({ file, table, header, named, leftOut, found, key, seen }: Known): Guess {
  const style = styleOf(seen.signs);
  const guesses = named.map(({ name, header }, index) => ({
    name,
    header,
    guess: guessColumn(name, seen.columns[index]!, style),
  }));
  const unreadable = guesses.flatMap(({ header, guess }) =>
    guess === null ? [{ header, why: 'no type holds its values' }] : [],
  );
  const columns = guesses.flatMap(({ name, header, guess }) =>
    guess === null ? [] : [{ name, header, ...asKeyPart(name, key, guess) }],
  );
  const isUsable = key.every((part) => columns.some(({ name }) => name === part));
  return {
    name: tableName(file.name),
    match: matchPattern(file.name),
    file: file.name,
    headerRow: header.rowNumber,
    decisions: [...table.receipt.decisions, ...header.decisions],
    key: isUsable ? key : [],
    otherKeys: found.keys.slice(1, 4),
    rows: seen.rows,
    style,
    signs: seen.signs,
    columns,
    leftOut: [...leftOut, ...unreadable],
    brokenRows: seen.brokenRows,
  };
}

/** Numbers are compared as numbers and keys as they stand: `007` is not `7`. */
function asKeyPart(name: string, key: readonly string[], guess: ColumnGuess): ColumnGuess {
  if (!key.includes(name) || guess.type === 'text' || guess.type === 'date') return guess;
  return { type: 'text', format: null, why: `${guess.why}; text, since it is in the key` };
}

function noRows(file: SourceFile, line: number): ProjetusError {
  return new ProjetusError('source-empty', `${file.name} has a header and no data rows: there is nothing to guess from.`, {
    hint: 'name a file with data',
    file: file.name,
    line,
  });
}
