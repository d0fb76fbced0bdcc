import { ProjetusError } from '../core/errors.ts';
import { utils, write, type CellObject, type WorkSheet } from '../parse/sheetjs.ts';
import { exportHeader, exportRow, type ExportPages, type ExportTable } from './export-format.ts';

/** The workbook is made in memory, an object a cell: 2,500,000 of them took 1.3 GB. */
const maxCells = 1_000_000;
/** Excel's own limits. */
const maxRows = 1_048_575;
const maxCellLength = 32_767;

/** A workbook with a sheet for each table, all cells text: no zero is lost, and nothing is a formula. */
export async function* exportXlsx(tables: readonly ExportTable[], pages: ExportPages): AsyncGenerator<Buffer> {
  refuseTooLarge(tables);
  const workbook = utils.book_new();
  const names: string[] = [];
  for (const table of tables) {
    const name = sheetName(table.dataset, names);
    names.push(name);
    utils.book_append_sheet(workbook, await sheetOf(table, pages), name);
  }
  yield write(workbook, { type: 'buffer', bookType: 'xlsx', bookSST: false, compression: true }) as Buffer;
}

async function sheetOf(table: ExportTable, pages: ExportPages): Promise<WorkSheet> {
  const header = exportHeader(table);
  const rows: CellObject[][] = [header.map(textCell)];
  for await (const page of pages(table)) {
    for (const reject of page) rows.push(exportRow(reject, table.width).map((text) => checkedCell(text, reject.id)));
  }
  const sheet: WorkSheet = {
    '!data': rows,
    '!ref': utils.encode_range({ s: { r: 0, c: 0 }, e: { r: rows.length - 1, c: header.length - 1 } }),
  };
  return sheet;
}

/**
 * `@` is Excel's format for text: what is typed into such a cell stays as it was typed. `_x0041_` in a workbook means A:
 * a text of these signs is written as `_x005F_x0041_`, which `xlsx` does not do.
 */
function textCell(text: string): CellObject {
  return { t: 's', v: text.replaceAll(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_'), z: '@' };
}

function checkedCell(text: string, id: string): CellObject {
  if (text.length <= maxCellLength) return textCell(text);
  throw new ProjetusError('usage', `A cell of reject ${id} has ${text.length} characters; Excel holds ${maxCellLength}.`, {
    hint: 'export to a .csv',
  });
}

/** At most 31 characters, without the signs that Excel forbids, and no name twice whatever its case. */
function sheetName(dataset: string, taken: readonly string[]): string {
  const clean = dataset.replace(/[\\/?*[\]:]/g, '_');
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : ` ${number}`;
    const name = clean.slice(0, 31 - suffix.length) + suffix;
    if (!taken.some((other) => other.toLowerCase() === name.toLowerCase())) return name;
  }
}

function refuseTooLarge(tables: readonly ExportTable[]): void {
  const cells = tables.reduce((sum, { rejects, width }) => sum + rejects * (width + 5), 0);
  const longest = Math.max(...tables.map(({ rejects }) => rejects));
  if (cells <= maxCells && longest <= maxRows) return;
  throw new ProjetusError(
    'usage',
    `The export would have ${cells} cells in sheets of up to ${longest} rows: too many for an .xlsx.`,
    {
      hint: `export to a .csv, or choose with --dataset, --run or --code; an .xlsx gets at most ${maxCells} cells`,
    },
  );
}
