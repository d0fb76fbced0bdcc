import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { benchRow } from './bench-row.ts';
import { benchColumns, cleanLine, rawLine, type BenchRow } from './data-shape.ts';

/** What the second day differs in, per million rows: as many as two weeks of the real file. */
const removedPerMillion = 1_000;
const changedPerMillion = 10_000;
const addedPerMillion = 4_000;

const chunkBytes = 4 * 1024 * 1024;

/** An empty file beside the data, which says that all of it is there. */
export const wholeMark = 'whole';

export type BenchFile = { readonly path: string; readonly rows: number; readonly bytes: number; readonly md5: string };

/** Writes day1.csv, day1-clean.csv, day2.csv and day2-clean.csv. The same row count gives the same bytes everywhere. */
export async function makeData(folder: string, rowCount: number): Promise<BenchFile[]> {
  await mkdir(folder, { recursive: true });
  const files: BenchFile[] = [];
  for (const [day, rows] of [
    ['day1', firstDay],
    ['day2', secondDay],
  ] as const) {
    const header = `\uFEFF${benchColumns.map(([name]) => name).join(';')}\r\n`;
    files.push(await writeLines(join(folder, `${day}.csv`), header, rawLine, rows(rowCount)));
    files.push(await writeLines(join(folder, `${day}-clean.csv`), '', cleanLine, rows(rowCount)));
  }
  // Written last: data that was interrupted in the making is made again.
  await writeFile(join(folder, wholeMark), '');
  return files;
}

function* firstDay(rowCount: number): Generator<BenchRow> {
  for (let position = 0; position < rowCount; position++) yield benchRow(position, 0);
}

/** Removed and changed rows lie spread over the file; those that are new come at its end, as in the real one. */
function* secondDay(rowCount: number): Generator<BenchRow> {
  const removedEvery = Math.round(1_000_000 / removedPerMillion);
  const changedEvery = Math.round(1_000_000 / changedPerMillion);
  for (let position = 0; position < rowCount; position++) {
    if (position % removedEvery === removedEvery - 1) continue;
    yield benchRow(position, position % changedEvery === 7 ? 1 : 0);
  }
  const added = Math.round((rowCount * addedPerMillion) / 1_000_000);
  for (let position = rowCount; position < rowCount + added; position++) yield benchRow(position, 0);
}

async function writeLines(
  path: string,
  header: string,
  line: (row: BenchRow) => string,
  rows: Iterable<BenchRow>,
): Promise<BenchFile> {
  const stream = createWriteStream(path);
  const hash = createHash('md5');
  let [text, count, bytes] = [header, 0, 0];
  for (const row of rows) {
    text += line(row);
    count++;
    if (text.length < chunkBytes) continue;
    bytes += await writeChunk(stream, hash, text);
    text = '';
  }
  bytes += await writeChunk(stream, hash, text);
  stream.end();
  await once(stream, 'close');
  return { path, rows: count, bytes, md5: hash.digest('hex') };
}

async function writeChunk(stream: WriteStream, hash: Hash, text: string): Promise<number> {
  const chunk = Buffer.from(text);
  hash.update(chunk);
  if (!stream.write(chunk)) await once(stream, 'drain');
  return chunk.length;
}

// `node bench/make-data.ts [ROWS]` writes to bench/data/ROWS, which git ignores.
if (import.meta.main) {
  const rowCount = Number(process.argv[2] ?? 1_000_000);
  if (!Number.isInteger(rowCount) || rowCount < 1) throw new Error(`not a number of rows: ${process.argv[2]}`);
  for (const file of await makeData(join(import.meta.dirname, 'data', String(rowCount)), rowCount)) {
    console.log(`${file.md5}  ${file.path}  ${file.rows} rows  ${(file.bytes / 1e6).toFixed(0)} MB`);
  }
}
