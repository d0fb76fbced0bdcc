import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '../../src/config/load-config.ts';
import type { DatasetReport, RunReport } from '../../src/core/report.ts';
import { openPglite } from '../../src/db/pglite-session.ts';
import { patience } from '../../src/fetch/fetching.ts';
import { run } from '../../src/pipeline.ts';
import type { Job } from '../../src/run/job.ts';
import { createDatabase } from './postgres.ts';
import { noProxies } from './no-proxies.ts';

export type Engine = 'postgres' | 'pglite';

/** A folder with a configuration, raw files and a database of its own, as a user has it. */
export type Project = {
  readonly folder: string;
  readonly databaseUrl: string;
  /** Replaces config.yaml; `database.url` comes from the environment variable DATABASE_URL. */
  readonly configure: (yaml: string) => Promise<void>;
  /** Writes data/raw/DATE/NAME. */
  readonly put: (date: string, name: string, content: Buffer | string) => Promise<string>;
  /** Takes data/raw/DATE/NAME away. */
  readonly take: (date: string, name: string) => Promise<void>;
  /** `projetus run` in this process; the clock stands at noon of `date`, or runs if there is none. */
  readonly run: (options?: Partial<Job>) => Promise<RunReport>;
  readonly query: (text: string) => Promise<Record<string, unknown>[]>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

const host = { pid: process.pid, hostname: hostname(), user: 'test', isAlive: () => true };

export async function createProject(yaml: string, engine: Engine = 'postgres'): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'projetus-project-'));
  const database = engine === 'postgres' ? await createDatabase() : null;
  const pgliteFolder = join(folder, 'data/db');
  const databaseUrl = database?.url ?? `pglite:${pgliteFolder}`;
  const configPath = join(folder, 'config.yaml');
  await mkdir(join(folder, 'data/raw'), { recursive: true });
  await writeFile(configPath, yaml);
  const pathOf = (date: string, name: string) => join(folder, 'data/raw', date, name);
  return {
    folder,
    databaseUrl,
    configure: (text) => writeFile(configPath, text),
    put: async (date, name, content) => {
      const path = pathOf(date, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      return path;
    },
    take: (date, name) => rm(pathOf(date, name)),
    run: async (options) => run(await jobOf(configPath, databaseUrl, options)),
    query: (text) => (database ? database.query(text) : queryPglite(pgliteFolder, text)),
    [Symbol.asyncDispose]: async () => {
      await database?.[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function jobOf(configPath: string, databaseUrl: string, options: Partial<Job> = {}): Promise<Job> {
  return {
    config: await loadConfig({ path: configPath, env: { DATABASE_URL: databaseUrl } }),
    datasets: [],
    date: null,
    isDryRun: false,
    force: false,
    strict: false,
    accept: [],
    pipelineVersion: '0.0.0+test',
    // A run on a date happens at noon of that date.
    clock: options.date ? () => new Date(`${options.date}T15:00:00Z`) : () => new Date(),
    random: Math.random().toString(16).slice(2, 8),
    host,
    signal: new AbortController().signal,
    connectRetryMs: 0,
    mostKnownRecords: 1_000_000,
    network: { userAgent: 'projetus/test', timeoutMs: 2_000, ca: null, proxies: noProxies },
    fetching: { ...patience, retryDelaysMs: [20, 20, 20] },
    confirm: null,
    onProgress: () => undefined,
    ...options,
  };
}

async function queryPglite(folder: string, text: string): Promise<Record<string, unknown>[]> {
  const session = await openPglite(folder, host);
  try {
    return [...(await session.query(text, [])).rows];
  } finally {
    await session.close();
  }
}

/** The part of a report that is about one dataset. */
export function datasetOf(report: RunReport, name: string): DatasetReport {
  const found = report.datasets.find((dataset) => dataset.name === name);
  if (!found) throw new Error(`the report has no dataset ${name}: ${JSON.stringify(report, null, 2)}`);
  return found;
}

/** Every row of the tables with its xmin, in a stable order: equal only when nothing was written, not even the same again. */
export async function rowsWithXmin(project: Project, tables: readonly string[]): Promise<string[]> {
  const selects = tables.map((table) => `SELECT '${table} ' || xmin::text || ' ' || t::text AS row FROM ${table} t`);
  const rows = await project.query(`${selects.join(' UNION ALL ')} ORDER BY 1`);
  return rows.map((row) => String(row['row']));
}

/** Sets a file's time of change. */
export async function touch(path: string, moment: Date): Promise<void> {
  await utimes(path, moment, moment);
}
