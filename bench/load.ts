import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { postgresBinaries } from '../test/support/postgres-binaries.ts';
import { startCluster, type Cluster } from '../test/support/postgres-cluster.ts';
import { benchData, makeProject } from './bench-project.ts';
import { referenceTable } from './data-shape.ts';
import { measure, measureNode, type Measured } from './measured-child.ts';
import { median, megabytes, reportTable, seconds } from './report-table.ts';
import { expectedCounts, steps, type Step } from './load-steps.ts';
import { serverCpuSeconds } from './server-cpu.ts';

type Sample = Measured & { readonly serverCpuSeconds: number | null };

const usage = 'node bench/load.ts [--rows 100000] [--rounds 1] [--program dist/bin/projetus.js]';

/**
 * Loads the same data with `psql \copy` (L) and with `projetus run`, in turn, on one server with default settings, and
 * prints wall times, CPU and peak RSS beside the limits of the design. Ratios travel between machines, seconds do not.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '100000' },
      rounds: { type: 'string', default: '1' },
      program: { type: 'string', default: join(import.meta.dirname, '../dist/bin/projetus.js') },
    },
  });
  const [rows, rounds] = [Number(values.rows), Number(values.rounds)];
  if (!(rows >= 1000 && rows % 1000 === 0 && rounds >= 1)) throw new Error(`usage: ${usage}; rows in thousands`);
  await access(values.program).catch(() => Promise.reject(new Error(`${values.program} is not there: npm run build`)));
  const data = await benchData(rows);
  await using cluster = await startCluster();
  const samples = new Map<string, Sample[]>();
  for (let round = 0; round < rounds; round++) await runRound(cluster, data, rows, values.program, samples);
  console.log(
    `${rows} rows x 20 columns, ${rounds} rounds, median; L is psql \\copy of the clean CSV into a table with primary key\n`,
  );
  console.log(table(samples));
}

/** Every step of ours has an L of its own before it, so that a noisy minute hits both. */
async function runRound(
  cluster: Cluster,
  data: string,
  rows: number,
  program: string,
  samples: Map<string, Sample[]>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'projetus-bench-'));
  const days = Object.fromEntries(steps.map((step) => [step.date, join(data, step.file)]));
  const config = await makeProject(folder, days);
  await onServer(cluster, 'postgres', 'DROP DATABASE IF EXISTS bench', 'CREATE DATABASE bench');
  const add = (name: string, sample: Sample) => samples.set(name, [...(samples.get(name) ?? []), sample]);
  try {
    for (const step of steps) {
      add('L', await sampled(cluster, () => reference(cluster, join(data, 'day1-clean.csv'))));
      const args = ['run', '--yes', '--json', '--config', config, '--date', step.date, ...step.flags];
      const env = { DATABASE_URL: cluster.url('bench') };
      const sample = await sampled(cluster, () => measureNode(program, args, env));
      assertCounts(step, rows, sample.stdout);
      add(step.name, sample);
      // A day lies between two runs, in which autovacuum comes by.
      await onServer(cluster, 'bench', 'DROP TABLE reference', 'VACUUM ANALYZE propostas');
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function reference(cluster: Cluster, file: string): Promise<Measured> {
  const psql = join(await postgresBinaries(process.env), 'psql');
  const program = await access(psql).then(
    () => psql,
    () => 'psql',
  );
  const commands = [referenceTable('reference'), `\\copy reference from '${file}' csv`].flatMap((command) => ['-c', command]);
  return measure(program, ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', cluster.url('bench'), ...commands]);
}

/** After a checkpoint, so that the pages of the step before are not written in this one. */
async function sampled(cluster: Cluster, run: () => Promise<Measured>): Promise<Sample> {
  await onServer(cluster, 'postgres', 'CHECKPOINT');
  const before = await serverCpuSeconds(cluster.folder);
  const measured = await run();
  // The postmaster counts a backend when it has gone.
  await new Promise((resolve) => setTimeout(resolve, 200));
  const after = await serverCpuSeconds(cluster.folder);
  return { ...measured, serverCpuSeconds: before === null || after === null ? null : after - before };
}

function assertCounts(step: Step, rows: number, stdout: string): void {
  const report = JSON.parse(stdout) as { datasets: { counts: Record<string, number>; stored: number }[] };
  const [dataset] = report.datasets;
  const expected = expectedCounts(step, rows);
  const actual: Record<string, number> = { ...dataset!.counts, stored: dataset!.stored };
  for (const [name, count] of Object.entries(expected)) {
    if (actual[name] !== count) throw new Error(`${step.name}: ${name} is ${actual[name]} where ${count} was expected`);
  }
}

async function onServer(cluster: Cluster, database: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: cluster.url(database) });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

function table(samples: ReadonlyMap<string, readonly Sample[]>): string {
  const middle = (name: string, of: (sample: Sample) => number | null | undefined) => {
    const values = samples.get(name)!.flatMap((sample) => of(sample) ?? []);
    return values.length === 0 ? null : median(values);
  };
  const walls = samples.get('L')!.map((sample) => sample.wallSeconds);
  const L = median(walls);
  const header = ['run', 'wall s', 'x L', 'limit x L', 'client CPU s', 'server CPU s', 'peak RSS MB'];
  const reference = ['L', seconds(L), '1.00', '', '', seconds(middle('L', (sample) => sample.serverCpuSeconds)), ''];
  const rows = steps.map((step) => {
    const wall = middle(step.name, (sample) => sample.wallSeconds)!;
    return [
      step.name,
      seconds(wall),
      (wall / L).toFixed(2),
      step.limit,
      seconds(middle(step.name, (sample) => sample.usage?.cpuSeconds)),
      seconds(middle(step.name, (sample) => sample.serverCpuSeconds)),
      megabytes(middle(step.name, (sample) => sample.usage?.peakRssBytes)),
    ];
  });
  const noise = `L: ${walls.length} runs, ${seconds(Math.min(...walls))} to ${seconds(Math.max(...walls))} s`;
  return `${reportTable(header, [reference, ...rows])}\n\n${noise}`;
}

await main();
