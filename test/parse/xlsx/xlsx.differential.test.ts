import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as xlsx from 'xlsx';
import { openXlsx } from '../../../src/parse/xlsx/open-xlsx.ts';
import { numberText } from '../../../src/parse/xlsx/number-text.ts';
import { defaultFormat, never, readRows, sourceFile } from '../../support/source-files.ts';

// The oracle: `xlsx` writes a workbook, and reads it back beside us.

type Value = string | number | boolean | Date | null;

const dayMs = 86_400_000;
/** Before the first day of its epoch a date is a negative number, which Excel shows as #####. */
const firstDay = { from1900: -25_000, from1904: -24_106 };
const valueFrom = (first: number): fc.Arbitrary<Value> =>
  fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e14, max: 1e14 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    // Whole seconds. In the epoch of 1900 from 1901 on, beyond the day that never was.
    fc.integer({ min: first * 86_400, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000)),
    fc.integer({ min: first, max: 40_000 }).map((days) => new Date(days * dayMs)),
  );

function write(rows: Value[][], date1904: boolean, bookSST: boolean): Buffer {
  // Not in the types of `aoa_to_sheet`, but without it dates are counted from 1900 whatever the workbook says.
  const options = { dense: true, UTC: true, cellDates: false, dateNF: 'dd/mm/yyyy hh:mm:ss', date1904 };
  const sheet = xlsx.utils.aoa_to_sheet(rows, options);
  const book: xlsx.WorkBook = { SheetNames: ['Dados'], Sheets: { Dados: sheet }, Workbook: { WBProps: { date1904 } } };
  return xlsx.write(book, { type: 'buffer', bookType: 'xlsx', bookSST, compression: true }) as Buffer;
}

/** What the oracle reads, in our words. */
function oracleRows(bytes: Buffer): { row: number; cells: string[]; kinds: string[] }[] {
  const book = xlsx.read(bytes, { type: 'buffer', dense: true, cellDates: true, UTC: true, cellText: false });
  const rows = book.Sheets['Dados']!['!data'] ?? [];
  return rows.flatMap((row, index) => {
    const cells = Array.from(row ?? [], (cell) => oracleCell(cell));
    while (cells.length > 0 && cells.at(-1)![0] === '') cells.pop();
    return [{ row: index + 1, cells: cells.map(([text]) => text), kinds: cells.map(([, kind]) => kind) }];
  });
}

function oracleCell(cell: xlsx.CellObject | undefined | null): readonly [string, string] {
  if (cell?.v === undefined || cell.v === '') return ['', 'text'];
  if (cell.v instanceof Date) {
    const iso = new Date(Math.round(cell.v.getTime() / 1000) * 1000).toISOString().slice(0, 19);
    return [iso.replace('T00:00:00', ''), 'date'];
  }
  if (typeof cell.v === 'number') return [numberText(String(cell.v)).text, 'number'];
  return [String(cell.v), typeof cell.v === 'boolean' ? 'boolean' : 'text'];
}

describe('reads what xlsx 0.20.3 writes as xlsx reads it', () => {
  const cases: [string, boolean, boolean][] = [
    ['with shared strings', false, true],
    ['with inline strings', false, false],
    ['with days from 1904', true, true],
  ];
  test.each(cases)('%s', async (_, date1904, bookSST) => {
    const value = valueFrom(date1904 ? firstDay.from1904 : firstDay.from1900);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(value, { maxLength: 6 }), { minLength: 1, maxLength: 8 }), async (rows) => {
        const bytes = write(rows, date1904, bookSST);
        const table = await openXlsx(await sourceFile('a.xlsx', bytes), defaultFormat, never);
        const ours = (await readRows(table.batches())).filter(({ cells }) => cells.length > 0);
        const theirs = oracleRows(bytes).filter(({ cells }) => cells.length > 0);
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 60 },
    );
  });
});
