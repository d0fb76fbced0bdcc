import { join } from 'node:path';
import { median, megabytes, reportTable, seconds } from '../report/report-table.ts';
import { measureNode, type Usage } from './measured-child.ts';
import type { ReadResult } from './read-with.ts';

const ours = 'projetus';

type Sample = ReadResult & Usage;

/** A reader and ours on the same file, one right after the other. */
export type ReaderPair = { readonly reference: Sample; readonly ours: Sample };

export type ReadJob = { readonly path: string; readonly rows: number; readonly rounds: number };

/** Each reader in a process of its own, in turn with ours. Pairs by the reader's name. */
export async function compareReaders<N extends string>(names: readonly N[], job: ReadJob): Promise<Record<N, ReaderPair[]>> {
  const pairs = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<N, ReaderPair[]>;
  for (let round = 0; round < job.rounds; round++) {
    for (const name of names) pairs[name].push({ reference: await read(name, job), ours: await read(ours, job) });
  }
  return pairs;
}

/** Throws when a reader did not see every row with its header, and 20 cells in each. */
async function read(name: string, { path, rows }: ReadJob): Promise<Sample> {
  const script = join(import.meta.dirname, 'read-with.ts');
  const { stdout, usage } = await measureNode({ script, args: [name, path] });
  const result = JSON.parse(stdout) as ReadResult;
  if (result.rows !== rows + 1 || result.cells !== result.rows * 20) {
    throw new Error(`${name} saw ${result.rows} rows and ${result.cells} cells in ${path}`);
  }
  return { ...result, ...usage };
}

/** The median over the pairs of a ratio within each. */
export function ratio(pairs: readonly ReaderPair[], of: (sample: Sample) => number): number {
  return median(pairs.map((pair) => of(pair.ours) / of(pair.reference)));
}

export function readersTable(pairs: Readonly<Record<string, readonly ReaderPair[]>>): string {
  const mine = Object.values(pairs).flatMap((list) => list.map((pair) => pair.ours));
  const others = Object.entries(pairs).map(([name, list]) => [name, list.map((pair) => pair.reference)] as const);
  const rows = [[ours, mine] as const, ...others].map(([name, samples]) => {
    const middle = (of: (sample: Sample) => number) => median(samples.map(of));
    return [
      name,
      seconds(middle((sample) => sample.seconds)),
      seconds(middle((sample) => sample.cpuSeconds)),
      megabytes(middle((sample) => sample.peakRssBytes)),
    ];
  });
  return reportTable(['reader', 'reading s', 'process CPU s', 'peak RSS MB'], rows);
}
