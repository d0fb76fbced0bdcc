import type { Table } from '../../src/core/rows.ts';
import { openXlsx } from '../../src/parse/xlsx/open-xlsx.ts';
import { defaultFormat, never, readRows, sourceFile, type ReadRow } from './source-files.ts';
import { xlsxFile, type XlsxFile } from './xlsx-files.ts';

/** Opens a workbook made for the test, named dados.xlsx. */
export async function open(file: XlsxFile | Buffer, sheet: number | string = 1): Promise<Table> {
  const bytes = Buffer.isBuffer(file) ? file : xlsxFile(file);
  return openXlsx(await sourceFile('dados.xlsx', bytes), { ...defaultFormat, sheet }, never);
}

export const read = async (file: XlsxFile | Buffer): Promise<ReadRow[]> => readRows((await open(file)).batches());

/** Reads what stands between `<sheetData>` and its end. */
export async function readSheet(rows: string, more: Omit<XlsxFile, 'sheets'> = {}): Promise<ReadRow[]> {
  return read({ sheets: [{ name: 'Dados', rows }], ...more });
}
