import { sql, type Kysely } from 'kysely';
import type { Counts } from '../core/report.ts';
import type { Tables } from '../db/tables.ts';

/** What a run logged about a dataset that it published: what an audit compares with. */
export type Published = {
  readonly runId: string;
  /** In the order in which they were read; never empty. */
  readonly sources: readonly LoggedSource[];
  /** Null when the run's checks were pruned. */
  readonly counts: Counts | null;
  /** How its rows became records; null when the run's checks were pruned. */
  readonly readingHash: string | null;
};

export type LoggedSource = {
  /** The number that its records carry in `_source_id`; the numbers rise with time. */
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly sheet: string | null;
  readonly checksum: string;
  readonly sizeBytes: number;
  readonly rows: number;
};

/** Runs of a configuration that loaded files and published; retries and undos log files too, under their own modes. */
const isPublished = sql<boolean>`
  e.status IN ('loaded', 'unchanged') AND r.status IN ('success', 'unchanged') AND coalesce(r.report ->> 'mode', 'run') = 'run'`;

/**
 * The newest run, up to `lastRunId` where that is given, that read the dataset's files and published them. A run that
 * found its files unchanged read nothing: what it stands for is the run before it.
 */
export async function findPublished(db: Kysely<Tables>, dataset: string, lastRunId: string | null): Promise<Published | null> {
  // The numbers of files rise with time; ids of runs that start in one second do not.
  const upTo = lastRunId === null ? sql`` : sql`AND e.id <= (SELECT max(id) FROM extraction_logs WHERE run_id = ${lastRunId})`;
  const { rows } = await sql<{ run_id: string }>`
    SELECT e.run_id FROM extraction_logs e JOIN runs r ON r.id = e.run_id
    WHERE e.dataset = ${dataset} AND e.header IS NOT NULL AND ${isPublished} ${upTo}
    ORDER BY e.id DESC LIMIT 1`.execute(db);
  const runId = rows[0]?.run_id;
  if (runId === undefined) return null;
  return { runId, sources: await loggedSources(db, runId, dataset), ...(await recordedCounts(db, runId, dataset)) };
}

/** Whether a run published this dataset, having read its files or found them unchanged. */
export async function isInRun(db: Kysely<Tables>, dataset: string, runId: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM extraction_logs e JOIN runs r ON r.id = e.run_id
    WHERE e.dataset = ${dataset} AND e.run_id = ${runId} AND ${isPublished} LIMIT 1`.execute(db);
  return rows.length > 0;
}

async function loggedSources(db: Kysely<Tables>, runId: string, dataset: string): Promise<LoggedSource[]> {
  const rows = await db
    .selectFrom('extraction_logs')
    .select(['source_file', 'path', 'sheet', 'checksum', 'size_bytes', 'row_counts', sql<string>`id::text`.as('source_id')])
    .where('run_id', '=', runId)
    .where('dataset', '=', dataset)
    .orderBy('extraction_logs.id')
    .execute();
  return rows.map((row) => ({
    id: row.source_id,
    name: row.source_file,
    path: row.path,
    sheet: row.sheet,
    checksum: row.checksum,
    sizeBytes: Number(row.size_bytes),
    rows: (row.row_counts as { rows: number }).rows,
  }));
}

async function recordedCounts(
  db: Kysely<Tables>,
  runId: string,
  dataset: string,
): Promise<Pick<Published, 'counts' | 'readingHash'>> {
  const row = await db
    .selectFrom('reconciliations')
    .select('details')
    .where('run_id', '=', runId)
    .where('dataset', '=', dataset)
    .where('kind', '=', 'rows')
    .executeTakeFirst();
  if (!row?.details) return { counts: null, readingHash: null };
  const { reading_hash: readingHash = null, ...counts } = row.details as Counts & { reading_hash?: string };
  return { counts, readingHash };
}

/** The live rows that the last run, retry or undo of a dataset left behind. */
export async function recordedRows(db: Kysely<Tables>, dataset: string): Promise<number> {
  const row = await db.selectFrom('datasets').select('stored').where('name', '=', dataset).executeTakeFirst();
  return row?.stored ?? 0;
}
