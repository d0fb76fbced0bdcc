import { spawnSync } from 'node:child_process';
import { access, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { startCluster } from '../test/support/postgres-cluster.ts';
import { machineLine } from './machine-line.ts';
import { median, reportTable, seconds } from './report-table.ts';

const root = join(import.meta.dirname, '..');

type Measure = {
  readonly name: string;
  readonly args: readonly string[];
  /** The sample files are of one day, so that health has something to say about the days since. */
  readonly codes: readonly number[];
  /** Design, section 9; in seconds, on a warm machine with nothing else to do. */
  readonly limit: string;
};

/**
 * How long a process takes from its start to its end when it has little to do, beside `node -e 0`: the shipped
 * configuration and its samples, on PostgreSQL. All in turn in each round, so that a noisy minute hits all of them.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '15' },
      program: { type: 'string', default: join(root, 'dist/bin/projetus.js') },
    },
  });
  const program = resolve(values.program);
  await access(program).catch(() => Promise.reject(new Error(`${program} is not there: npm run build`)));
  await using cluster = await startCluster();
  const folder = await mkdtemp(join(tmpdir(), 'projetus-startup-'));
  try {
    const env = { PATH: process.env['PATH'], HOME: folder, DATABASE_URL: cluster.url('postgres') };
    for (const name of ['config.yaml', 'data/raw']) await cp(join(root, name), join(folder, name), { recursive: true });
    const measures = measuresOf(program);
    const run = (measure: Measure) => wallSeconds(measure, folder, env);
    for (const measure of [loading(program), ...measures]) run(measure);
    const samples = Array.from({ length: Number(values.rounds) }, () => measures.map(run));
    console.log(`${machineLine()}\n${program}, ${values.rounds} rounds\n`);
    console.log(table(measures, samples));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function loading(program: string): Measure {
  return { name: 'first load', args: [program, 'run', '--yes'], codes: [0], limit: '' };
}

function measuresOf(program: string): readonly Measure[] {
  return [
    { name: 'node -e 0', args: ['-e', '0'], codes: [0], limit: '' },
    { name: '--version', args: [program, '--version'], codes: [0], limit: '' },
    { name: '--help', args: [program, '--help'], codes: [0], limit: '0.25' },
    { name: 'health', args: [program, 'health'], codes: [0, 3, 6], limit: '0.60' },
    { name: 'run, files unchanged', args: [program, 'run'], codes: [0], limit: '' },
  ];
}

function wallSeconds({ name, args, codes }: Measure, cwd: string, env: NodeJS.ProcessEnv): number {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  const wall = (performance.now() - start) / 1000;
  if (status === null || !codes.includes(status)) throw new Error(`${name} ended with ${status}:\n${stdout}${stderr}`);
  return wall;
}

function table(measures: readonly Measure[], samples: readonly (readonly number[])[]): string {
  const walls = measures.map((_, index) => samples.map((round) => round[index]!));
  const nothing = median(walls[0]!);
  const rows = measures.map(({ name, limit }, index) => {
    const wall = median(walls[index]!);
    return [name, seconds(wall), seconds(Math.min(...walls[index]!)), (wall / nothing).toFixed(1), limit];
  });
  return reportTable(['command', 'median s', 'fastest s', 'x node -e 0', 'limit s'], rows);
}

await main();
