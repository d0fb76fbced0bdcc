import type { RowBatch, Table } from '../core/rows.ts';
import { firstRowAfter } from '../parse/first-rows.ts';
import { cellState, createCellReader, textOf } from '../validate/coerce/cell.ts';
import type { HeaderMatch } from '../validate/header.ts';
import { createRowStructure, firstCell } from '../validate/row-structure.ts';
import { nothingSeen, seeCell, type ColumnSeen } from './column-seen.ts';
import { createKeySearch, type KeysFound } from './key-search.ts';
import type { NamedCell } from './named-cells.ts';
import type { SignsSeen } from './number-style.ts';

export type OpenedFile = {
  readonly table: Table;
  readonly header: HeaderMatch;
  readonly named: readonly NamedCell[];
  readonly nullValues: readonly string[];
  readonly signal: AbortSignal;
};

export type FileSeen = {
  /** Data rows that are whole: without the footer, and without broken ones. */
  readonly rows: number;
  readonly brokenRows: number;
  /** In the order of `named`. */
  readonly columns: readonly ColumnSeen[];
  readonly signs: SignsSeen;
};

export async function searchKeys(file: OpenedFile): Promise<KeysFound> {
  const search = createKeySearch(file.named.map(({ name }) => name));
  await eachRow(file, (texts) => search.add(texts()));
  return search.finish();
}

/** Looks at every cell of the rows that have a key. */
export async function seeColumns(file: OpenedFile, key: readonly string[]): Promise<FileSeen> {
  const columns = file.named.map(nothingSeen);
  const reader = createCellReader(file.nullValues);
  const keyAt = key.map((part) => file.named.findIndex(({ name }) => name === part));
  let rows = 0;
  const brokenRows = await eachRow(file, (texts, batch, first, end) => {
    if (keyAt.length > 0 && isKeyless(texts(), keyAt)) return;
    rows++;
    file.named.forEach(({ position }, index) => {
      if (first + position < end) seeCell(columns[index]!, reader, batch, first + position);
    });
  });
  return { rows, brokenRows, columns, signs: sum(columns.filter(({ numbers }) => numbers.auto.isNumber)) };
}

function isKeyless(texts: readonly (string | null)[], keyAt: readonly number[]): boolean {
  return keyAt.every((position) => texts[position] === null);
}

type TakeRow = (texts: () => (string | null)[], batch: RowBatch, first: number, end: number) => void;

/** Calls for every whole row below the header that is not blank. Returns how many rows are broken. */
async function eachRow({ table, header, named, nullValues, signal }: OpenedFile, take: TakeRow): Promise<number> {
  const structure = createRowStructure(header, table.isRagged);
  const reader = createCellReader(nullValues);
  let broken = 0;
  for await (const batch of table.batches()) {
    signal.throwIfAborted();
    for (let row = firstRowAfter(batch, header.rowNumber); row < batch.rowCount; row++) {
      if (structure.isBlank(batch, row)) continue;
      const [first, end] = [firstCell(batch, row), batch.rowEnds[row]!];
      const textAt = (index: number) =>
        index < end && reader.read(batch, index) === cellState.value ? textOf(reader.cell) : null;
      if (structure.errorOf(batch, row) !== null) broken++;
      else take(() => named.map(({ position }) => textAt(first + position)), batch, first, end);
    }
  }
  return broken;
}

function sum(columns: readonly ColumnSeen[]): SignsSeen {
  const total = { commas: 0, points: 0, unclear: 0 };
  for (const { signs } of columns) {
    total.commas += signs.commas;
    total.points += signs.points;
    total.unclear += signs.unclear;
  }
  return total;
}
