import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { openDatabase, type Database } from '../src/db/open-database.ts';
import { runLineage } from '../src/lineage/run-lineage.ts';
import { showLineage } from '../src/lineage/versions.ts';
import { prune, type PruneJob } from '../src/retention/prune.ts';
import { findRun } from '../src/run-log.ts';
import { withOperationalTables } from '../src/runs.ts';
import { startCluster } from '../test/support/postgres-cluster.ts';
import { benchData, makeProject } from './bench-project.ts';
import { fillHistory } from './fill-history.ts';
import { measureNode } from './measured-child.ts';
import { median, reportTable } from './report-table.ts';

/** The year: 100,000 rows, of which 1 % change on each of 365 days. */
const [rowCount, days, changesPerDay] = [100_000, 365, 1_000];
const firstDay = new Date('2026-01-01T12:00:00Z');
const lookups = 300;
const host = { pid: process.pid, hostname: 'bench', user: 'bench', isAlive: () => true };

/**
 * Shows that lineage stays small and answers fast. The first day is a real run; the others are written by SQL as runs
 * would have written them.
 */
async function main(): Promise<void> {
  await using cluster = await startCluster();
  const folder = await mkdtemp(join(tmpdir(), 'projetus-bench-'));
  try {
    const config = await makeProject(folder, { '2026-01-01': join(await benchData(rowCount), 'day1.csv') });
    const url = cluster.url('postgres');
    const program = join(import.meta.dirname, '../bin/projetus.ts');
    await measureNode(program, ['run', '--yes', '--config', config, '--date', '2026-01-01'], { DATABASE_URL: url });
    const client = new Client({ connectionString: url });
    await client.connect();
    const size = await fillHistory(client, { firstDay, days, changesPerDay });
    await client.end();
    await using database = await open(url);
    const rows = [
      ...(await lookupRows(database, size.ids)),
      ...(await runRows(database, size.lastRun)),
      ...(await pruneRows(database)),
    ];
    console.log(
      `${size.entries.toLocaleString('en-US')} entries of ${rowCount.toLocaleString('en-US')} records over ${days} days`,
    );
    console.log(
      `history: ${(size.historyBytes / 1e6).toFixed(0)} MB, ${Math.round(size.historyBytes / size.superseded)} bytes a superseded version\n`,
    );
    console.log(reportTable(['what', 'median ms', 'worst ms', 'limit ms'], rows));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function open(url: string): Promise<Database> {
  return openDatabase({
    url,
    schema: 'public',
    host,
    signal: new AbortController().signal,
    retryMs: 0,
    onRetry: () => undefined,
  });
}

async function timed(times: number, action: (index: number) => Promise<unknown>): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let index = 0; index < times; index++) {
    const start = performance.now();
    await action(index);
    milliseconds.push(performance.now() - start);
  }
  return milliseconds;
}

function row(what: string, milliseconds: readonly number[], limit: string): string[] {
  return [what, median(milliseconds).toFixed(1), Math.max(...milliseconds).toFixed(1), limit];
}

async function lookupRows(database: Database, ids: readonly string[]): Promise<string[][]> {
  let versions = 0;
  const show = async (id: string) =>
    void (versions += (await withOperationalTables(database, (db) => showLineage(db, 'propostas', id)))!.versions.length);
  const found = await timed(lookups, (index) => show(ids[index % ids.length]!));
  const each = versions / lookups;
  const unknown = await timed(20, () => show('no such id'));
  return [row(`lineage show, ${each.toFixed(1)} versions each`, found, '50'), row('lineage show, unknown id', unknown, '50')];
}

async function runRows(database: Database, id: string): Promise<string[][]> {
  const run = () => withOperationalTables(database, async (db) => runLineage(db, await findRun(db, id), 5));
  return [row('lineage run, the last day', await timed(5, run), '')];
}

/** Month after month, as the years go by; a dry run first. */
async function pruneRows(database: Database): Promise<string[][]> {
  const pruneAt = (clock: Date, isDryRun: boolean): Promise<unknown> => {
    const months = { history: 24, runs: 24, quarantine: 12 };
    const job: PruneJob = { months, fullSnapshots: [], isDryRun, clock: () => clock, host, random: 'bench' };
    return prune(database, job);
  };
  const monthAfter = (index: number) => new Date(Date.UTC(2028, 1 + index, 1, 12));
  const dry = await timed(3, () => pruneAt(monthAfter(0), true));
  const done = await timed(12, (index) => pruneAt(monthAfter(index), false));
  return [row('lineage prune --dry-run, one month', dry, '1000'), row('lineage prune, one month', done, '1000')];
}

await main();
