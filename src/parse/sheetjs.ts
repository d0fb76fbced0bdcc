/** The one place that imports `xlsx`. It costs 50 ms to load: only who reads or writes such a workbook should. */
export { CFB, read, set_cptable, utils, write } from 'xlsx';
export type { CellObject, WorkBook, WorkSheet } from 'xlsx';
/** Without the tables, texts of workbooks older than Excel 97 lose their accents. */
export * as codePages from 'xlsx/dist/cpexcel.full.mjs';
