import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchData } from './bench-project.ts';
import { measure, measureNode } from './measured-child.ts';
import type { ReadResult } from './read-with.ts';
import { median, megabytes, reportTable, seconds } from './report-table.ts';

type Sample = ReadResult & { readonly cpuSeconds: number; readonly peakRssBytes: number };

/** How many times as fast as `than` the first reader must be, and what part of its memory it may take. Design, section 9. */
type Comparison = { readonly reader: string; readonly than: string; readonly limit: string };

const csvComparisons: readonly Comparison[] = [
  { reader: 'projetus', than: 'csv-parse', limit: 'at least 5 times as fast' },
  { reader: 'projetus', than: 'duckdb', limit: 'at least 0.63 times as fast (1.6 x its time)' },
];
const xlsxComparisons: readonly Comparison[] = [
  { reader: 'projetus', than: 'xlsx', limit: '500,000 rows: at least 5 times as fast, 1/5 of its RSS, below 512 MB' },
];

/** Reads one CSV and one workbook with our readers and with those that people know, each in a process of its own, in turn. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000000' },
      'xlsx-rows': { type: 'string', default: '100000' },
      rounds: { type: 'string', default: '1' },
    },
  });
  const rounds = Number(values.rounds);
  const csv = join(await benchData(Number(values.rows)), 'day1.csv');
  await compare(`CSV, ${values.rows} rows x 20 columns`, csv, Number(values.rows), rounds, csvComparisons);
  const workbook = await benchWorkbook(Number(values['xlsx-rows']));
  await compare(`XLSX, ${values['xlsx-rows']} rows x 20 columns`, workbook, Number(values['xlsx-rows']), rounds, xlsxComparisons);
}

async function benchWorkbook(rowCount: number): Promise<string> {
  const folder = join(import.meta.dirname, 'data', String(rowCount));
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'day1.xlsx');
  await access(path).catch(async () => {
    process.stderr.write(`making ${path}\n`);
    await measure(process.execPath, [join(import.meta.dirname, 'make-workbook.ts'), path, String(rowCount)]);
  });
  return path;
}

async function compare(
  title: string,
  path: string,
  rowCount: number,
  rounds: number,
  comparisons: readonly Comparison[],
): Promise<void> {
  const names = [...new Set(comparisons.flatMap(({ reader, than }) => [reader, than]))];
  const samples = new Map<string, Sample[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) samples.get(name)!.push(await read(name, path, rowCount));
  }
  const middle = (name: string, of: (sample: Sample) => number) => median(samples.get(name)!.map(of));
  const rows = names.map((name) => [
    name,
    seconds(middle(name, (sample) => sample.seconds)),
    seconds(middle(name, (sample) => sample.cpuSeconds)),
    megabytes(middle(name, (sample) => sample.peakRssBytes)),
  ]);
  console.log(
    `${title}, ${rounds} rounds, median\n\n${reportTable(['reader', 'reading s', 'process CPU s', 'peak RSS MB'], rows)}\n`,
  );
  for (const { reader, than, limit } of comparisons) {
    const speed = middle(than, (sample) => sample.seconds) / middle(reader, (sample) => sample.seconds);
    const memory = middle(reader, (sample) => sample.peakRssBytes) / middle(than, (sample) => sample.peakRssBytes);
    console.log(
      `${reader} is ${speed.toFixed(2)} times as fast as ${than}, with ${memory.toFixed(2)} of its RSS; limit: ${limit}`,
    );
  }
  console.log('');
}

/** Throws when a reader did not see every row with its header, and 20 cells in each. */
async function read(name: string, path: string, rowCount: number): Promise<Sample> {
  const { stdout, usage } = await measureNode(join(import.meta.dirname, 'read-with.ts'), [name, path]);
  const result = JSON.parse(stdout) as ReadResult;
  if (result.rows !== rowCount + 1 || result.cells !== result.rows * 20) {
    throw new Error(`${name} saw ${result.rows} rows and ${result.cells} cells in ${path}`);
  }
  return { ...result, ...usage! };
}

await main();
