import { rowTexts, type RowBatch, type Table } from '../core/rows.ts';

/** Among how many rows from the top the header is looked for. */
const headerSearchRows = 50;

/** The rows at the top of a table, among which its header is. */
export async function firstRows(table: Table): Promise<{ rowNumber: number; cells: string[] }[]> {
  const rows: { rowNumber: number; cells: string[] }[] = [];
  for await (const batch of table.batches()) {
    for (let row = 0; row < batch.rowCount; row++) {
      rows.push({ rowNumber: batch.rowNumbers[row]!, cells: rowTexts(batch, row) });
      if (rows.length === headerSearchRows) return rows;
    }
  }
  return rows;
}

/** The position in a batch of the first row below the header; `rowCount` when there is none. */
export function firstRowAfter(batch: RowBatch, headerRow: number): number {
  let row = 0;
  while (row < batch.rowCount && batch.rowNumbers[row]! <= headerRow) row++;
  return row;
}
