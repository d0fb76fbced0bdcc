import { hostname } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config.ts';
import { openDatabase, type Database } from '../../src/db/open-database.ts';
import type { UndoReport } from '../../src/undo/undo-report.ts';
import { undoRun, type UndoJob } from '../../src/undo/undo-run.ts';
import type { Project } from '../support/project.ts';

const host = { pid: process.pid, hostname: hostname(), user: 'test', isAlive: () => true };

export function databaseOf(project: Project): Promise<Database> {
  const signal = new AbortController().signal;
  return openDatabase({ url: project.databaseUrl, schema: 'public', host, signal, retryMs: 0, onRetry: () => undefined });
}

/** `projetus runs undo RUN` in this process, as of `at`. */
export async function undoIn(project: Project, run: string, at: string, options: Partial<UndoJob> = {}): Promise<UndoReport> {
  const env = { DATABASE_URL: project.databaseUrl };
  const config = await loadConfig({ path: join(project.folder, 'config.yaml'), env });
  await using database = await databaseOf(project);
  return await undoRun(database, {
    run,
    isDryRun: false,
    datasets: config.extraction.datasets,
    configHash: config.hash,
    keepsLineage: config.lineage.enabled,
    pipelineVersion: '0.0.0+test',
    clock: () => new Date(at),
    random: 'undo',
    host,
    signal: new AbortController().signal,
    confirm: null,
    ...options,
  });
}
