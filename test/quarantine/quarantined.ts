import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/config.ts';
import { openDatabase, type Database } from '../../src/db/open-database.ts';
import { discardRejects } from '../../src/quarantine/discard.ts';
import { exportRejects } from '../../src/quarantine/export.ts';
import { everyReject, type RejectFilter } from '../../src/quarantine/reject-filter.ts';
import { retry, type RetryJob } from '../../src/retry/retry.ts';
import type { RetryReport } from '../../src/retry/retry-report.ts';
import { changeOperationalTables, withOperationalTables } from '../../src/runs.ts';
import type { Project } from '../support/project.ts';
import { entry } from '../run/story.ts';

const host = { pid: process.pid, hostname: 'test', user: 'test', isAlive: () => true };

/** The dataset of `obras`, which takes only these names. Further keys as lines of YAML. */
export function named(names: string, ...lines: string[]): string {
  const own = ['key: [id]', 'max_rejected_percent: 100', 'max_vanished_percent: 100', 'required_columns: [id]'];
  const taken = new Set(lines.map((line) => line.split(':')[0]));
  return entry('obras', [
    'entity: obra',
    `columns: { id: {}, nome: { enum: [${names}] }, valor: { type: "decimal(18,2)" } }`,
    ...own.filter((line) => !taken.has(line.split(':')[0])),
    ...lines,
  ]);
}

export async function configOfProject(project: Project): Promise<Config> {
  return loadConfig({ path: join(project.folder, 'config.yaml'), env: { DATABASE_URL: project.databaseUrl } });
}

export function openProject(project: Project): Promise<Database> {
  return openDatabase({
    url: project.databaseUrl,
    schema: 'public',
    host,
    signal: new AbortController().signal,
    retryMs: 0,
    onRetry: () => undefined,
  });
}

/** `projetus quarantine retry` in this process. */
export async function retryIn(project: Project, options: Partial<RetryJob> = {}): Promise<RetryReport> {
  await using database = await openProject(project);
  return await retry(database, {
    config: await configOfProject(project),
    filter: everyReject,
    from: null,
    force: false,
    pipelineVersion: '0.0.0+test',
    clock: () => new Date(),
    random: Math.random().toString(16).slice(2, 8),
    host,
    signal: new AbortController().signal,
    ...options,
  });
}

/** `projetus quarantine export`, of the open rejects. Returns the file's path. */
export async function exportIn(project: Project, name: string, filter: Partial<RejectFilter> = {}): Promise<string> {
  await using database = await openProject(project);
  const path = join(project.folder, name);
  const open: RejectFilter = { ...everyReject, statuses: ['open'], ...filter };
  await withOperationalTables(database, (db) => exportRejects(db, open, path, true));
  return path;
}

export async function discardIn(project: Project, filter: Partial<RejectFilter>): Promise<number | null> {
  await using database = await openProject(project);
  return await changeOperationalTables(database, (trx) => discardRejects(trx, { ...everyReject, ...filter }));
}

/** Rows of an export in .csv: cells by the names of their columns. */
export type ExportedRow = Record<string, string>;

/** Edits an exported .csv: `change` may alter a row, or return null to take it out. */
export function editCsv(text: string, change: (row: ExportedRow) => ExportedRow | null): string {
  const [header, ...rows] = readCsv(text);
  const edited = rows.flatMap((cells) => {
    const row = change(Object.fromEntries(header!.map((name, index) => [name, cells[index] ?? ''])));
    return row === null ? [] : [header!.map((name) => row[name] ?? '')];
  });
  return `\ufeff${[header!, ...edited].map((cells) => `${cells.map(quote).join(';')}\r\n`).join('')}`;
}

export function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, cell, end] of text.replace(/^\ufeff/, '').matchAll(/"((?:[^"]|"")*)"(;|\r\n)/g)) {
    rows.at(-1)!.push(cell!.replaceAll('""', '"'));
    if (end !== ';') rows.push([]);
  }
  return rows.slice(0, -1);
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
