import { join } from 'node:path';
import { Client } from 'pg';
import type { Cluster } from '../../test/support/postgres-cluster.ts';
import { benchData } from '../make/bench-data.ts';
import { makeProject, propostas, type BenchProject } from '../make/bench-project.ts';
import { fillHistory, type Filled } from '../make/fill-history.ts';
import { lineageTimes } from '../measure/lineage-times.ts';
import { measureRun, type RunSample } from '../measure/projetus-run.ts';
import { benchDatabase, query, renewDatabase } from '../measure/server.ts';
import { count, median, megabytes, reportTable, seconds } from '../report/report-table.ts';
import type { SectionResult, Setting } from '../section.ts';
import { expectedCounts, firstLoad, nextDay } from '../steps.ts';

/** The year: 100,000 rows, of which 1 % change on each of 365 days. */
const mostRows = 100_000;
const days = 365;
const firstDay = new Date('2025-01-01T12:00:00Z');
const loadDate = '2025-01-01';

/** The runs are short, and the limit is narrow. */
const roundsFactor = 3;

const databases = ['without_history', 'with_history'] as const;

type Year = Record<(typeof databases)[number], RunSample>;

/**
 * The next day's run on a table with and without a year of lineage, in turn, and how fast lineage answers and is pruned. The
 * first day is a real run; the others are written by SQL as runs would have written them.
 */
export async function history(setting: Setting): Promise<SectionResult> {
  const rows = Math.min(setting.rows, mostRows);
  await using project = await makeProject();
  const data = await benchData('days', rows);
  await project.put(loadDate, propostas.name, join(data, firstLoad.file));
  await project.put(nextDay.date, propostas.name, join(data, nextDay.file));
  const filled = await makeDatabases(setting, project, rows);
  const years: Year[] = [];
  for (let round = 0; round < setting.rounds * roundsFactor; round++) years.push(await yearOf(setting, project, rows));
  const times = await lineageTimes(setting.cluster.url('with_history'), filled, { lastDay: lastDay() });
  return {
    title: `365 days of lineage of ${count(rows)} records`,
    markdown: `${summary(filled)}\n\n${runsTable(years)}\n\n${times.table}`,
    findings: [
      { limit: 'historySlowdown', value: 100 * (median(years.map(slowdown)) - 1) },
      { limit: 'lineageShow', value: times.showMs },
      { limit: 'lineagePrune', value: times.pruneMs },
    ],
  };
}

function slowdown(year: Year): number {
  return year.with_history.wallSeconds / year.without_history.wallSeconds;
}

function lastDay(): Date {
  return new Date(firstDay.getTime() + days * 86_400_000);
}

/** Two databases with the first day; one of them with the year after it. */
async function makeDatabases(setting: Setting, project: BenchProject, rows: number): Promise<Filled> {
  const { cluster } = setting;
  const expected = { [propostas.name]: expectedCounts(firstLoad, rows) };
  await renewDatabase(cluster);
  await measureRun(setting, { project, date: loadDate, expected });
  await query(cluster, benchDatabase, 'VACUUM ANALYZE');
  for (const name of databases) await query(cluster, 'postgres', `CREATE DATABASE ${name} TEMPLATE ${benchDatabase}`);
  return fill(cluster, rows);
}

async function fill(cluster: Cluster, rows: number): Promise<Filled> {
  const client = new Client({ connectionString: cluster.url('with_history') });
  await client.connect();
  try {
    const filled = await fillHistory(client, { firstDay, days, changesPerDay: rows / 100 });
    // It updates every record at once, which no day does: the holes that this leaves are not lineage's.
    await client.query(`VACUUM FULL ANALYZE ${propostas.name}`);
    return filled;
  } finally {
    await client.end();
  }
}

async function yearOf(setting: Setting, project: BenchProject, rows: number): Promise<Year> {
  const run = async (template: string): Promise<RunSample> => {
    await renewDatabase(setting.cluster, template);
    const expected = { [propostas.name]: expectedCounts(nextDay, rows) };
    return measureRun(setting, { project, date: nextDay.date, expected });
  };
  return { without_history: await run('without_history'), with_history: await run('with_history') };
}

function summary({ entries, historyBytes, superseded }: Filled): string {
  const each = Math.round(historyBytes / superseded);
  return `${count(entries)} entries; the history takes ${megabytes(historyBytes)} MB, ${each} bytes a superseded version.`;
}

function runsTable(years: readonly Year[]): string {
  const rows = databases.map((name) => {
    const middle = (of: (sample: RunSample) => number) => median(years.map((year) => of(year[name])));
    return [
      name === 'with_history' ? 'after 365 days' : 'after the first day',
      seconds(middle((sample) => sample.wallSeconds)),
      seconds(middle((sample) => sample.usage.cpuSeconds)),
      seconds(middle((sample) => sample.serverCpuSeconds ?? NaN)),
      megabytes(middle((sample) => sample.usage.peakRssBytes)),
    ];
  });
  return reportTable(['next day’s run', 'wall s', 'client CPU s', 'server CPU s', 'peak RSS MB'], rows);
}
