import { showLineage, type LineageReport } from '../../src/lineage/versions.ts';
import type { Counts, DatasetReport, RunReport } from '../../src/core/report.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import type { Job } from '../../src/run/job.ts';
import { withOperationalTables } from '../../src/runs.ts';
import { createProject, datasetOf, type Engine, type Project } from '../support/project.ts';

/** A configuration of these entries of `extraction.files`. */
export function configOf(...entries: string[]): string {
  return `database: { url: "\${DATABASE_URL}" }\nextraction:\n  files:\n${entries.join('')}`;
}

/** Guards look at the smallest change: their tests have a few rows. */
export function withoutFloor(yaml: string): string {
  return `${yaml}reconciliation: { volume_floor_rows: 0 }\n`;
}

/** The dataset of most tests, with further keys as lines of YAML. Guards are wide open: their tests close them. */
export function obras(...lines: string[]): string {
  const own = ['key: [id]', 'max_rejected_percent: 100', 'max_vanished_percent: 100'];
  const named = new Set(lines.map((line) => line.split(':')[0]));
  const keys = [...own.filter((line) => !named.has(line.split(':')[0])), ...lines];
  return entry('obras', [
    'entity: obra',
    'columns: { id: {}, nome: {}, valor: { type: "decimal(18,2)" }, ano: { type: integer }, dia: { type: date } }',
    'required_columns: [id]',
    ...keys,
  ]);
}

export function entry(name: string, lines: readonly string[]): string {
  return `    - name: ${name}\n${lines.map((line) => `      ${line}\n`).join('')}`;
}

export const header = 'id;nome;valor;ano;dia';

/** A file of `obras`: a line of cells each. */
export function csv(...lines: string[]): string {
  return [header, ...lines, ''].join('\n');
}

/** A project whose days go by: one file `obras.csv` a day, from 2026-11-01 on. */
export async function story(yaml: string, engine: Engine = 'postgres') {
  const project = await createProject(yaml, engine);
  let day = 0;
  const date = () => `2026-11-${String(day).padStart(2, '0')}`;
  const next = async (files: Record<string, string>, options: Partial<Job> = {}): Promise<RunReport> => {
    day++;
    for (const [name, content] of Object.entries(files)) await project.put(date(), name, content);
    return project.run({ date: date(), ...options });
  };
  return {
    project,
    /** The next day, with these files. */
    files: next,
    /** The next day, with a file of `obras`. */
    day: async (content: string, options?: Partial<Job>): Promise<Told> => told(await next({ 'obras.csv': content }, options)),
    /** The same day once more. */
    again: async (options: Partial<Job> = {}): Promise<Told> => told(await project.run({ date: date(), ...options })),
    rows: (what = 'id, nome, valor, ano, _vanished_at IS NOT NULL AS gone', order = 'id') =>
      project.query(`SELECT ${what} FROM obras ORDER BY ${order}`),
    quarantine: () => project.query('SELECT raw, errors, status, occurrence, row_number FROM quarantine ORDER BY id'),
    lineage: (id: string, entity = 'obra') => lineageOf(project, entity, id),
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  };
}

export type Told = { run: RunReport; dataset: DatasetReport; counts: Counts | null; alerts: string[] };

export function told(run: RunReport): Told {
  const dataset = datasetOf(run, 'obras');
  return { run, dataset, counts: dataset.counts, alerts: run.alerts.map(({ code }) => code) };
}

/** Counts with what is not named being 0. */
export function counted(counts: Partial<Counts>): Counts {
  return {
    read: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    restored: 0,
    duplicate: 0,
    filtered: 0,
    rejected: 0,
    vanished: 0,
    new_rejects: 0,
    ...counts,
  };
}

export async function lineageOf(project: Project, entity: string, id: string): Promise<LineageReport> {
  await using database = await openDatabase({
    url: project.databaseUrl,
    schema: 'public',
    host: { pid: process.pid, hostname: 'test', user: 'test', isAlive: () => true },
    signal: new AbortController().signal,
    retryMs: 0,
    onRetry: () => undefined,
  });
  return (await withOperationalTables(database, (db) => showLineage(db, entity, id)))!;
}
