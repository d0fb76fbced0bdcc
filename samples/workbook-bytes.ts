import * as XLSX from 'xlsx';
import type { SampleTable } from './sample-table.ts';

/** A workbook of one sheet with shared strings. Cells are text, but numbers in `numberColumns`; blanks are absent. */
export function workbookBytes(sheetName: string, table: SampleTable, numberColumns: readonly string[]): Buffer {
  const cells = table.rows.map((row) =>
    row.map((text, index) => {
      if (text === '') return null;
      return numberColumns.includes(table.header[index]!) ? Number(text) : text;
    }),
  );
  const workbook = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(workbook, XLSX.utils.aoa_to_sheet([[...table.header], ...cells]), sheetName);
  const bytes: Buffer = XLSX.write(workbook, { type: 'buffer', bookType: 'xlsx', bookSST: true, compression: true });
  return bytes;
}
