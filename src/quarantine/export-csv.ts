import { exportHeader, exportRow, type ExportPages, type ExportTable } from './export-format.ts';

/** UTF-8 with a byte order mark, `;`, CRLF and every cell in quotes: what Excel in Brazil opens with a double click. */
export async function* exportCsv(table: ExportTable, pages: ExportPages): AsyncGenerator<Buffer> {
  yield Buffer.from(`\ufeff${csvLine(exportHeader(table))}`);
  for await (const page of pages(table))
    yield Buffer.from(page.map((reject) => csvLine(exportRow(reject, table.width))).join(''));
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';')}\r\n`;
}
