/** A file before it has a format: the cells as text. */
export type SampleTable = {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** Rows written by column name, laid out in the order of the header. A name that is left out is blank. */
export function tableOf<const Header extends readonly string[]>(
  header: Header,
  records: readonly Partial<Record<Header[number], string>>[],
): SampleTable {
  return { header, rows: records.map((record) => header.map((name: Header[number]) => record[name] ?? '')) };
}

/** The table with some cells replaced in the rows that `isWanted`. */
export function withCells(
  table: SampleTable,
  isWanted: (cell: (name: string) => string) => boolean,
  cells: Readonly<Record<string, string>>,
): SampleTable {
  const rows = table.rows.map((row) => {
    const isChanged = isWanted((name) => row[table.header.indexOf(name)] ?? '');
    return isChanged ? row.map((cell, index) => cells[table.header[index]!] ?? cell) : row;
  });
  return { header: table.header, rows };
}

/** Only the rows that `isWanted`. */
export function withRows(table: SampleTable, isWanted: (cell: (name: string) => string) => boolean): SampleTable {
  return { header: table.header, rows: table.rows.filter((row) => isWanted((name) => row[table.header.indexOf(name)] ?? '')) };
}

/** The table with the rows of another of the same header behind its own. */
export function append(table: SampleTable, more: SampleTable): SampleTable {
  return { header: table.header, rows: [...table.rows, ...more.rows] };
}
