import { sql, type Kysely, type RawBuilder } from 'kysely';
import { migrationState } from '../db/migrations.ts';
import { tableExists } from '../db/table-exists.ts';
import type { Tables } from '../db/tables.ts';
import type { Facts, LoggedRun, NewestDataset, PublishedDataset } from './facts.ts';
import { readTally } from './read-tally.ts';
import { loadsFiles } from './loads-files.ts';

/** Three months of two runs a day: more than any check looks back, and their reports are read to tell runs from undos. */
const newestRuns = 200;

/** A connection lives for one look, so a statement that takes longer has no one to answer any more. */
const statementTimeout = '4s';

export type Asked = {
  /** Alerts that failed for good before this are history. */
  readonly failedSince: Date;
  /** Reads every report of the log: 0.15 s of 1,460 runs. */
  readonly withTally: boolean;
};

/** Reads, and writes nothing: the transaction itself refuses to. */
export async function readFacts(db: Kysely<Tables>, { failedSince, withTally }: Asked): Promise<Facts> {
  await sql`SELECT set_config('transaction_read_only', 'on', true), set_config('statement_timeout', ${statementTimeout}, true)`.execute(
    db,
  );
  return {
    migrations: await migrationState(db),
    runs: (await loggedRuns(db, sql`true`, newestRuns)).toReversed(),
    lastPublished: (await loggedRuns(db, sql`status IN ('success', 'unchanged')`, 1))[0] ?? null,
    newest: await newestDatasets(db),
    published: await publishedDatasets(db),
    openRejects: await openRejects(db),
    lineage: await lineageSize(db),
    undelivered: await undelivered(db, failedSince),
    tally: withTally ? await readTally(db) : null,
  };
}

async function loggedRuns(db: Kysely<Tables>, which: RawBuilder<unknown>, limit: number): Promise<LoggedRun[]> {
  const { rows } = await sql<LoggedRun>`
    SELECT id, status, started_at AS "startedAt", finished_at AS "finishedAt", business_date::text AS "businessDate",
      exit_code AS "exitCode", host, pid, datasets
    FROM runs WHERE ${which} AND ${loadsFiles} ORDER BY started_at DESC, id DESC LIMIT ${limit}`.execute(db);
  return [...rows];
}

async function newestDatasets(db: Kysely<Tables>): Promise<NewestDataset[]> {
  const { rows } = await sql<NewestDataset>`
    SELECT d->>'name' AS name, d->>'stale_since' AS "staleSince", coalesce((d#>>'{counts,new_rejects}')::int, 0) AS "newRejects"
    FROM (
      SELECT report FROM runs WHERE report IS NOT NULL AND ${loadsFiles} ORDER BY started_at DESC, id DESC LIMIT 1
    ) r CROSS JOIN LATERAL jsonb_array_elements(r.report->'datasets') d`.execute(db);
  return [...rows];
}

async function publishedDatasets(db: Kysely<Tables>): Promise<PublishedDataset[]> {
  const { rows } = await sql<PublishedDataset>`SELECT name, stored, counts FROM datasets ORDER BY name`.execute(db);
  return [...rows];
}

async function openRejects(db: Kysely<Tables>): Promise<Facts['openRejects']> {
  const { rows } = await sql<{ dataset: string; rejects: number }>`
    SELECT dataset, count(*)::int AS rejects FROM quarantine WHERE status = 'open' GROUP BY 1 ORDER BY 1`.execute(db);
  return rows;
}

async function lineageSize(db: Kysely<Tables>): Promise<Facts['lineage']> {
  const { rows } = await sql<{ name: string; sizeBytes: number }>`
    SELECT c.relname AS name, pg_total_relation_size(c.oid)::float8 AS "sizeBytes"
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass('lineage_history') ORDER BY 1`.execute(
    db,
  );
  return { partitions: rows.map(({ name }) => name), sizeBytes: rows.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}

/** Empty as well where a pending migration will make the outbox: that is told by its own check. */
async function undelivered(db: Kysely<Tables>, failedSince: Date): Promise<Facts['undelivered']> {
  if (!(await tableExists(db, 'alert_deliveries'))) return [];
  const deliveries = await sql<{ channel: string; deliveries: number; oldestAt: Date }>`
    SELECT channel, count(*)::int AS deliveries, min(created_at) AS "oldestAt" FROM alert_deliveries
    WHERE status = 'pending' OR (status = 'failed' AND created_at >= ${failedSince}::timestamptz)
    GROUP BY 1 ORDER BY 1`.execute(db);
  return deliveries.rows;
}
