import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Format } from '../../src/core/dataset.ts';

/** What a reader saw. `seconds` is reading alone, without the start of the process. */
export type ReadResult = { readonly rows: number; readonly cells: number; readonly size: number; readonly seconds: number };

/** Counts rows and cells, and looks at the length of each cell: whoever does not look can put the work off. */
type Read = (path: string) => Promise<Omit<ReadResult, 'seconds'>>;

/** Each one loads its library, which is not reading; the process of one must not pay for the others. */
const readers: Readonly<Record<string, () => Promise<Read>>> = {
  projetus: async () => {
    const { openTable } = await import('../../src/parse/open-table.ts');
    return async (path) => {
      const { size: sizeBytes, mtimeMs: modifiedAtMs, ctimeMs: changedAtMs } = await stat(path);
      const file = { name: basename(path), path, sizeBytes, modifiedAtMs, changedAtMs };
      const table = await openTable(file, format, new AbortController().signal);
      let [rows, cells, size] = [0, 0, 0];
      for await (const batch of table.batches()) {
        const cellCount = batch.rowEnds[batch.rowCount - 1]!;
        for (let cell = 0; cell < cellCount; cell++) size += batch.cellEnds[cell]! - batch.cellStarts[cell]!;
        rows += batch.rowCount;
        cells += cellCount;
      }
      return { rows, cells, size };
    };
  },
  'csv-parse': async () => {
    const { parse } = await import('csv-parse');
    return async (path) => {
      const parser = createReadStream(path, { highWaterMark: 256 * 1024 }).pipe(parse({ delimiter: ';', bom: true }));
      let [rows, cells, size] = [0, 0, 0];
      for await (const record of parser as AsyncIterable<string[]>) {
        for (const cell of record) size += cell.length;
        rows++;
        cells += record.length;
      }
      return { rows, cells, size };
    };
  },
  duckdb: async () => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    return async (path) => {
      const connection = await (await DuckDBInstance.create()).connect();
      const source = `read_csv('${path}', delim = ';', quote = '"', header = true, all_varchar = true)`;
      const description = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
      const columns = description.getRows().map(([name]) => `sum(length("${String(name)}"))`);
      const result = await connection.runAndReadAll(`SELECT count(*), ${columns.join(', ')} FROM ${source}`);
      const [rows, ...sizes] = result.getRows()[0]!.map(Number);
      // It takes the header away.
      return { rows: rows! + 1, cells: (rows! + 1) * sizes.length, size: sizes.reduce((sum, size) => sum + size, 0) };
    };
  },
  xlsx: async () => {
    const { read } = await import('xlsx');
    return async (path) => {
      const workbook = read(await readFile(path), { dense: true, cellText: false, cellHTML: false, cellFormula: false });
      const sheet = workbook.Sheets[workbook.SheetNames[0]!]!;
      let [rows, cells, size] = [0, 0, 0];
      for (const row of sheet['!data'] ?? []) {
        rows++;
        for (const cell of row) {
          cells++;
          size += String(cell?.v ?? '').length;
        }
      }
      return { rows, cells, size };
    };
  },
};

const format: Format = {
  sheet: 1,
  member: null,
  headerRow: 'auto',
  delimiter: 'auto',
  encoding: 'auto',
  decimal: 'auto',
  footer: 'auto',
  nullValues: [''],
};

const [name, path] = process.argv.slice(2);
const load = readers[name ?? ''];
if (load === undefined || path === undefined) throw new Error(`usage: read-with.ts ${Object.keys(readers).join('|')} FILE`);
const read = await load();
const start = performance.now();
const seen = await read(resolve(path));
console.log(JSON.stringify({ ...seen, seconds: (performance.now() - start) / 1000 } satisfies ReadResult));
