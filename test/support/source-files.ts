import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Format } from '../../src/core/dataset.ts';
import { cellKind, rowTexts, type RowBatch, type Table } from '../../src/core/rows.ts';

/** The format that a configuration has when it says nothing. */
export const defaultFormat: Format = {
  sheet: 1,
  member: null,
  headerRow: 'auto',
  delimiter: 'auto',
  encoding: 'auto',
  decimal: 'auto',
  footer: 'auto',
  nullValues: ['', '-', 'NULL'],
};

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Writes a file for a test; it is removed after the tests of the file. */
export async function sourceFile(name: string, content: Buffer | string): Promise<{ path: string; name: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'projetus-source-'));
  folders.push(folder);
  const path = join(folder, name);
  await writeFile(path, content);
  return { path, name };
}

export type ReadRow = { readonly row: number; readonly cells: readonly string[]; readonly kinds: readonly string[] };

const kindNames = new Map<number, string>(Object.entries(cellKind).map(([name, kind]) => [kind, name]));

/** All rows of a table, decoded. */
export async function readRows(batches: AsyncIterable<RowBatch>): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const batch of batches) {
    for (let row = 0; row < batch.rowCount; row++) {
      const start = row === 0 ? 0 : batch.rowEnds[row - 1]!;
      const kinds = [...batch.cellKinds.subarray(start, batch.rowEnds[row])].map((kind) => kindNames.get(kind)!);
      rows.push({ row: batch.rowNumbers[row]!, cells: rowTexts(batch, row), kinds });
    }
  }
  return rows;
}

/** All rows of a table as texts. */
export async function readTexts(table: Table): Promise<string[][]> {
  return (await readRows(table.batches())).map(({ cells }) => [...cells]);
}

/** Everything that a chunked reader gives, as one buffer. */
export async function readAll(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

export const never = new AbortController().signal;
