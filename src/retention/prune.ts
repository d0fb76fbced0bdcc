import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Host } from '../core/host.ts';
import { affected } from '../db/affected.ts';
import type { Database } from '../db/open-database.ts';
import type { Tables } from '../db/tables.ts';
import { count } from '../load/classify.ts';
import { beginLoading, newRunId, rollBack, withOperationalTables, type Loading } from '../runs.ts';
import { cutoffs, startOfMonth, type Cutoffs, type RetentionMonths } from './cutoffs.ts';
import { expiredPartitions } from './history-partitions.ts';

/** `lineage prune --json`. A contract: only ever extended. */
export type PruneReport = {
  schema: 'projetus.prune/1';
  dry_run: boolean;
  /** Superseded versions and deletions from before; the present version of a record is beside it, and stays. */
  history: { before: string; partitions: string[]; versions: number };
  /** Runs that no record, no version of the history and no reject refers to. */
  runs: { before: string; runs: number; extraction_logs: number; reconciliations: number };
  quarantine: { before: string; rejects: number };
  /** Alerts that ended, and deliveries that need no further try; as old as the runs that go. */
  alerts: { before: string; alerts: number; deliveries: number };
};

export type PruneJob = {
  readonly months: RetentionMonths;
  /** Datasets whose files hold everything again every day. */
  readonly fullSnapshots: readonly string[];
  readonly isDryRun: boolean;
  readonly clock: () => Date;
  readonly host: Host;
  readonly random: string;
};

/**
 * Removes what is older than the configuration keeps, in one transaction under the locks of all datasets: a run could
 * else refer to what goes away. Throws `locked` while one of them is loaded.
 */
export async function prune(database: Database, job: PruneJob): Promise<PruneReport> {
  const now = job.clock();
  const limits = cutoffs(job.months, now);
  const names = await withOperationalTables(database, knownDatasets);
  if (!names) return emptyReport(limits, job.isDryRun);
  const trx = await beginLoading(database, {
    id: newRunId(now, job.random),
    startedAt: now,
    businessDate: now.toISOString().slice(0, 10),
    pipelineVersion: '',
    configHash: '',
    datasets: names,
    host: job.host,
  });
  try {
    const report = await pruneIn(trx, job, limits);
    if (job.isDryRun) await rollBack(trx);
    else await trx.commit().execute();
    return report;
  } catch (error) {
    await rollBack(trx);
    throw error;
  }
}

/**
 * The first run of a month that publishes something prunes, after its COMMIT: a partition becomes too old once a month.
 * Nothing waits for it and nothing depends on it, so it never fails a run; `lineage prune` says what would be wrong.
 */
export async function pruneOnceAMonth(database: Database, job: PruneJob): Promise<void> {
  try {
    const isDue = await withOperationalTables(database, (db) => isFirstOfMonth(db, job));
    if (isDue) await prune(database, job);
  } catch {
    // Another run holds a lock, or a reader keeps the history busy: next month is soon enough.
  }
}

async function isFirstOfMonth(db: Kysely<Tables>, job: PruneJob): Promise<boolean> {
  const now = job.clock();
  const limits = cutoffs(job.months, now);
  const oldest = new Date(Math.max(limits.runs.getTime(), limits.quarantine.getTime()));
  const { rows } = await sql<{ old: boolean; published: number }>`
    SELECT coalesce((SELECT min(started_at) FROM runs) < ${oldest}::timestamptz, false) AS old,
      (SELECT count(*) FROM runs WHERE started_at >= ${startOfMonth(now)}::timestamptz AND status = 'success')::int AS published`.execute(
    db,
  );
  if (rows[0]!.published > 1) return false;
  return rows[0]!.old || (await expiredPartitions(db, limits.history)).length > 0;
}

async function pruneIn(trx: Loading, job: PruneJob, limits: Cutoffs): Promise<PruneReport> {
  const report = emptyReport(limits, job.isDryRun);
  report.quarantine.rejects = await deleteRejects(trx, limits, job.fullSnapshots);
  report.runs.extraction_logs = await deleteLogs(trx, limits);
  report.runs.reconciliations = await deleteReconciliations(trx, limits);
  report.runs.runs = await affected(trx, sql`DELETE FROM runs r WHERE ${isForgotten(limits)}`);
  report.alerts.alerts = await affected(
    trx,
    sql`DELETE FROM alerts WHERE status = 'resolved' AND resolved_at < ${limits.runs}::timestamptz`,
  );
  report.alerts.deliveries = await affected(
    trx,
    sql`DELETE FROM alert_deliveries WHERE status <> 'pending' AND created_at < ${limits.runs}::timestamptz`,
  );
  const partitions = await expiredPartitions(trx, limits.history);
  for (const name of partitions) report.history.versions += await count(trx, sql`${sql.id(name)}`);
  report.history.partitions = partitions;
  if (job.isDryRun) return report;
  // Last, since readers of lineage wait from here to COMMIT.
  for (const name of partitions) await sql`DROP TABLE ${sql.id(name)}`.execute(trx);
  return report;
}

/**
 * Rejects that are gone. One that was settled by a person stays for as long as its row may come again every day: it
 * would be a new one, open, the day after.
 */
function deleteRejects(trx: Kysely<Tables>, limits: Cutoffs, fullSnapshots: readonly string[]): Promise<number> {
  return affected(
    trx,
    sql`DELETE FROM quarantine WHERE created_at < ${limits.quarantine}::timestamptz
      AND (status = 'gone' OR (status IN ('retried', 'discarded') AND dataset <> ALL (${[...fullSnapshots]}::text[])))`,
  );
}

/** Source files that nothing which stays refers to: no record, no version of the history, no reject. */
async function deleteLogs(trx: Kysely<Tables>, limits: Cutoffs): Promise<number> {
  // A list of its own: with Citus no statement asks a table that is spread over servers for each row of one that is not.
  await sql`CREATE TEMP TABLE _referred (source_id bigint) ON COMMIT DROP`.execute(trx);
  for (const name of await tablesOfRecords(trx))
    await sql`INSERT INTO _referred SELECT DISTINCT _source_id FROM ${sql.id(name)}`.execute(trx);
  const references = [
    sql`SELECT FROM lineage_history h WHERE h.source_id = e.id AND h.superseded_at >= ${limits.history}::timestamptz`,
    sql`SELECT FROM quarantine q WHERE q.source_id = e.id`,
    sql`SELECT FROM datasets d WHERE d.run_id = e.run_id`,
    sql`SELECT FROM _referred t WHERE t.source_id = e.id`,
  ];
  return affected(
    trx,
    sql`DELETE FROM extraction_logs e WHERE e.extraction_timestamp < ${limits.runs}::timestamptz
      AND ${sql.join(
        references.map((query) => sql`NOT EXISTS (${query})`),
        sql` AND `,
      )}`,
  );
}

function deleteReconciliations(trx: Kysely<Tables>, limits: Cutoffs): Promise<number> {
  return affected(trx, sql`DELETE FROM reconciliations c USING runs r WHERE c.run_id = r.id AND ${isForgotten(limits)}`);
}

/** Runs r that may go: an old one, of which no file and no reject is left, and which no dataset was published by last. */
function isForgotten(limits: Cutoffs): RawBuilder<boolean> {
  return sql<boolean>`r.started_at < ${limits.runs}::timestamptz AND r.status <> 'running'
    AND NOT EXISTS (SELECT FROM extraction_logs e WHERE e.run_id = r.id)
    AND NOT EXISTS (SELECT FROM quarantine q WHERE q.run_id = r.id)
    AND NOT EXISTS (SELECT FROM datasets d WHERE d.run_id = r.id)`;
}

async function knownDatasets(db: Kysely<Tables>): Promise<string[]> {
  return (await db.selectFrom('datasets').select('name').orderBy('name').execute()).map(({ name }) => name);
}

/** The tables of all datasets ever published, in the configuration or not; a person may have dropped some. */
async function tablesOfRecords(trx: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM datasets WHERE to_regclass(quote_ident(name)) IS NOT NULL ORDER BY name`.execute(trx);
  return rows.map(({ name }) => name);
}

function emptyReport(limits: Cutoffs, dry_run: boolean): PruneReport {
  return {
    schema: 'projetus.prune/1',
    dry_run,
    history: { before: limits.history.toISOString(), partitions: [], versions: 0 },
    runs: { before: limits.runs.toISOString(), runs: 0, extraction_logs: 0, reconciliations: 0 },
    quarantine: { before: limits.quarantine.toISOString(), rejects: 0 },
    alerts: { before: limits.runs.toISOString(), alerts: 0, deliveries: 0 },
  };
}
