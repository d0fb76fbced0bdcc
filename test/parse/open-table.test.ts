import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Format } from '../../src/core/dataset.ts';
import type { Table } from '../../src/core/rows.ts';
import { openTable } from '../../src/parse/open-table.ts';
import { zipFile } from '../support/zip-files.ts';
import { problemOf } from './problem.ts';
import { splitRows } from './split-text.ts';

const format: Format = {
  sheet: 1,
  member: null,
  headerRow: 'auto',
  delimiter: 'auto',
  encoding: 'auto',
  decimal: 'auto',
  footer: 'auto',
  nullValues: [],
};
const csv = 'id;nome\r\n1;ação\r\n';
const cells = [
  ['id', 'nome'],
  ['1', 'ação'],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'projetus-open-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function open(
  name: string,
  content: string | Buffer,
  options: Partial<Format> = {},
  signal = new AbortController().signal,
) {
  const path = join(folder, `${Math.random()}-${name}`);
  await writeFile(path, content);
  return openTable({ path, name }, { ...format, ...options }, signal);
}

describe('a file', () => {
  test.each([
    ['a.csv', csv, null],
    ['a.tsv', csv, null],
    ['a.TXT', csv, null],
    ['without-extension', csv, null],
    ['a.zip', zipFile([{ name: 'x/a.csv', data: csv }]), 'x/a.csv'],
    ['a.csv.zip', zipFile([{ name: 'a.csv', data: csv, method: 0 }]), 'a.csv'],
    ['a.csv.gz', gzipSync(csv), 'a.csv'],
    ['a.zip', gzipSync(csv), 'a.zip'],
  ])('named %s is opened by its content', async (name, content, member) => {
    const table = await open(name, content);
    expect(table.receipt).toMatchObject({ format: 'csv', member, encoding: 'utf-8', delimiter: ';' });
    expect(await read(table)).toEqual(cells);
    expect(await read(table)).toEqual(cells);
  });

  test('in an archive is the one that the configuration names', async () => {
    const archive = zipFile([
      { name: 'a.csv', data: 'x;y\n' },
      { name: 'b.csv', data: csv },
    ]);
    expect(await read(await open('a.zip', archive, { member: 'b.csv' }))).toEqual(cells);
  });

  test.each([
    ['an empty file', 'a.csv', '', 'source-empty', 'a.csv'],
    ['an empty member', 'a.zip', zipFile([{ name: 'a.csv', data: '' }]), 'source-empty', 'a.zip: a.csv'],
    ['a web page named .xls', 'a.xls', '<html><table>', 'source-disguised', 'a web page'],
    ['a web page named .csv', 'a.csv', '<!DOCTYPE html>', 'source-disguised', 'a web page'],
    ['a web page in an archive', 'a.zip', zipFile([{ name: 'a.csv', data: '<html>' }]), 'source-disguised', 'a.zip: a.csv'],
    ['a CSV named .xlsx', 'a.xlsx', csv, 'source-disguised', 'a.xlsx is text (CSV)'],
    ['a CSV named .zip', 'a.zip', csv, 'source-disguised', 'a.zip is text (CSV)'],
    ['an archive named .xlsx', 'a.xlsx', zipFile([{ name: 'a.csv', data: csv }]), 'source-disguised', 'a zip archive'],
    ['an archive named .csv', 'a.csv', gzipSync(csv), 'source-disguised', 'a gzip archive'],
    ['a workbook named .csv', 'a.csv', Buffer.from('D0CF11E0A1B11AE10000', 'hex'), 'source-disguised', 'a workbook'],
    ['an archive in an archive', 'a.zip', zipFile([{ name: 'a.csv', data: gzipSync(csv) }]), 'source-unreadable', 'not text'],
    ['an image', 'a.csv', Buffer.from('89504E470D0A1A0A', 'hex'), 'source-unreadable', 'a PNG image'],
  ])('is refused when it is %s', async (_, name, content, code, message) => {
    const error = await problemOf(() => open(name, content));
    expect(error).toMatchObject({ code, exitCode: 7 });
    expect(error.message).toContain(message);
    expect(error.hint).not.toBeNull();
  });

  test('that does not exist is refused, by its name', async () => {
    const file = { path: join(folder, 'none.csv'), name: 'none.csv' };
    const error = await problemOf(() => openTable(file, format, new AbortController().signal));
    expect(error).toMatchObject({ code: 'source-unreadable', file: 'none.csv' });
  });

  test('that is a folder is refused', async () => {
    const error = await problemOf(() => openTable({ path: folder, name: 'a.csv' }, format, new AbortController().signal));
    expect(error).toMatchObject({ code: 'source-unreadable' });
  });

  test.each([
    ['a.csv', csv],
    ['a.gz', gzipSync(csv)],
  ])('named %s is not read on after an interruption', async (name, content) => {
    const controller = new AbortController();
    const table = await open(name, content, {}, controller.signal);
    controller.abort(new Error('stopped'));
    await expect(read(table)).rejects.toThrow('stopped');
  });
});

async function read(table: Table): Promise<string[][]> {
  const rows = [];
  for await (const batch of table.batches()) rows.push(...splitRows(batch).map((row) => row.cells));
  return rows;
}
