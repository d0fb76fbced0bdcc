import { openDatabase, type Database } from '../../src/db/open-database.ts';
import { runLineage } from '../../src/lineage/run-lineage.ts';
import { showLineage } from '../../src/lineage/versions.ts';
import { prune, type PruneJob } from '../../src/retention/prune.ts';
import { findRun } from '../../src/run-log.ts';
import { withOperationalTables } from '../../src/runs.ts';
import type { Filled } from '../make/fill-history.ts';
import { median, reportTable } from '../report/report-table.ts';

const lookups = 300;
const keptMonths = 24;
const host = { pid: process.pid, hostname: 'bench', user: 'bench', isAlive: () => true };

/** Medians in milliseconds, and all of them as a table. */
export type LineageTimes = { readonly showMs: number; readonly pruneMs: number; readonly table: string };

/** How fast lineage answers, and how fast its months go. It prunes the database until little is left. */
export async function lineageTimes(url: string, filled: Filled, { lastDay }: { lastDay: Date }): Promise<LineageTimes> {
  await using database = await open(url);
  const show = await showTimes(database, filled.ids);
  const rows = [...show.rows, await runRow(database, filled.lastRun)];
  const [dry, done] = await pruneTimes(database, lastDay);
  rows.push(row('`lineage prune --dry-run`, one month', dry), row('`lineage prune`, one month', done));
  return {
    showMs: median(show.milliseconds),
    pruneMs: median(done),
    table: reportTable(['what', 'median ms', 'worst ms'], rows),
  };
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

function row(what: string, milliseconds: readonly number[]): string[] {
  return [what, median(milliseconds).toFixed(1), Math.max(...milliseconds).toFixed(1)];
}

async function showTimes(database: Database, ids: readonly string[]): Promise<{ milliseconds: number[]; rows: string[][] }> {
  let versions = 0;
  const show = async (id: string) =>
    void (versions += (await withOperationalTables(database, (db) => showLineage(db, 'propostas', id)))!.versions.length);
  const milliseconds = await timed(lookups, (index) => show(ids[index % ids.length]!));
  const each = versions / lookups;
  const unknown = await timed(20, () => show('no such id'));
  return {
    milliseconds,
    rows: [row(`\`lineage show\`, ${each.toFixed(1)} versions each`, milliseconds), row('`lineage show`, unknown id', unknown)],
  };
}

async function runRow(database: Database, id: string): Promise<string[]> {
  const run = () => withOperationalTables(database, async (db) => runLineage(db, await findRun(db, id), 5));
  return row('`lineage run`, the last day', await timed(5, run));
}

/** Month after month, as the years go by; a dry run first. */
async function pruneTimes(database: Database, lastDay: Date): Promise<[dry: number[], done: number[]]> {
  const pruneAt = (clock: Date, isDryRun: boolean): Promise<unknown> => {
    const months = { history: keptMonths, runs: keptMonths, quarantine: 12 };
    const job: PruneJob = { months, fullSnapshots: [], isDryRun, clock: () => clock, host, random: 'bench' };
    return prune(database, job);
  };
  // The history begins a year before its last day: its first month becomes too old one month after these 12 are over.
  const monthAfter = (index: number) =>
    new Date(Date.UTC(lastDay.getUTCFullYear() - 1, lastDay.getUTCMonth() + keptMonths + 1 + index, 1, 12));
  const dry = await timed(3, () => pruneAt(monthAfter(0), true));
  const done = await timed(12, (index) => pruneAt(monthAfter(index), false));
  return [dry, done];
}
