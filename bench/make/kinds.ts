import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipFile } from '../../test/support/zip-files.ts';
import { cleanStyle, rawStyle, reexportedStyle } from './csv-line.ts';
import { benchColumns, wideColumns, type BenchRow, type Column } from './data-shape.ts';
import { firstDay, longTexts, secondDay } from './day-rows.ts';
import { benchData } from './bench-data.ts';
import { writeWorkbook } from './workbook.ts';
import { writeCsv } from './write-csv.ts';

export const partCount = 20;

/** Kinds of data: each is a folder of files, made from a number of rows, the same ones every time. */
export const kinds = {
  /** day1.csv, its twin for `psql \copy`, and day2.csv. */
  days: async (folder, rows) => {
    await writeTwins(folder, () => firstDay(rows), benchColumns);
    await writeCsv(join(folder, 'day2.csv'), secondDay(rows), rawStyle, benchColumns);
  },
  /** The second day from another program. */
  reexported: (folder, rows) => writeCsv(join(folder, 'day2.csv'), secondDay(rows), reexportedStyle, benchColumns),
  zip: async (folder, rows) => {
    const data = await readFile(join(await benchData('days', rows), 'day1.csv'));
    await writeFile(join(folder, 'day1.zip'), zipFile([{ name: 'day1.csv', data }]), { flush: true });
  },
  'xlsx-shared': (folder, rows) => writeWorkbook(join(folder, 'day1.xlsx'), rows, 'shared'),
  'xlsx-inline': (folder, rows) => writeWorkbook(join(folder, 'day1.xlsx'), rows, 'inline'),
  'long-text': (folder, rows) => writeTwins(folder, () => longTexts(rows), benchColumns),
  wide: (folder, rows) => writeTwins(folder, () => firstDay(rows), wideColumns),
  /** The rows of the first day in 20 files. */
  parts: async (folder, rows) => {
    const each = rows / partCount;
    for (let part = 0; part < partCount; part++) {
      await writeCsv(join(folder, `${partName(part)}.csv`), firstDay(each, part * each), rawStyle, benchColumns);
    }
  },
} satisfies Readonly<Record<string, (folder: string, rows: number) => Promise<void>>>;

export type DataKind = keyof typeof kinds;

/** `parte_01` for 0. */
export function partName(index: number): string {
  return `parte_${String(index + 1).padStart(2, '0')}`;
}

async function writeTwins(folder: string, rows: () => Iterable<BenchRow>, columns: readonly Column[]): Promise<void> {
  await writeCsv(join(folder, 'day1.csv'), rows(), rawStyle, columns);
  await writeCsv(join(folder, 'day1-clean.csv'), rows(), cleanStyle, columns);
}
