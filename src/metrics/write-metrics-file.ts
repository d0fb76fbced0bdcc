import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Database } from '../db/open-database.ts';
import { nothingYet } from '../health/facts.ts';
import { readFacts } from '../health/read-facts.ts';
import { withTablesOfAnyVersion } from '../runs.ts';
import { exposition } from './registry.ts';
import { runMetrics } from './run-metrics.ts';

export type MetricsFile = {
  readonly database: Database;
  /** Absolute; its folder is made. node_exporter wants the name to end in .prom. */
  readonly file: string;
  readonly pipelineVersion: string;
  readonly now: Date;
};

/**
 * Writes the metrics of the run log for node_exporter's textfile collector: whole or not at all, readable by all. To be
 * called after a run. Throws what the database or the file system throws; a run must not fail because of it.
 */
export async function writeMetricsFile({ database, file, pipelineVersion, now }: MetricsFile): Promise<void> {
  // Deliveries that failed before this run are history.
  const facts = await withTablesOfAnyVersion(database, (db) => readFacts(db, { failedSince: now, withTally: true }));
  await writeWhole(file, await exposition(runMetrics(facts ?? nothingYet([]), pipelineVersion)));
}

async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // Not .prom: the collector reads every file of that name, half written ones too.
  const draft = join(dirname(file), `.${basename(file)}.${randomUUID().slice(0, 8)}.part`);
  try {
    await using handle = await open(draft, 'wx');
    await handle.writeFile(text);
    // The collector is another user, whatever our umask says.
    await handle.chmod(0o644);
    await handle.close();
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
