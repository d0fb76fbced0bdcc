import { sql, type Kysely } from 'kysely';
import { ProjetusError } from './core/errors.ts';
import type { Host } from './core/host.ts';
import type { AbortedRun, RunReport } from './core/report.ts';
import { storableJson } from './core/storable-json.ts';
import type { Database } from './db/open-database.ts';
import { makeHistoryPartitions, migrate } from './db/migrate.ts';
import { refusePending } from './db/migrations.ts';
import { tableExists } from './db/table-exists.ts';
import type { Tables } from './db/tables.ts';

export type RunIdentity = {
  readonly id: string;
  readonly startedAt: Date;
  readonly businessDate: string;
  readonly pipelineVersion: string;
  readonly configHash: string;
  readonly datasets: readonly string[];
  readonly host: Host;
};

/** `20261122T121500-3f9a1c`: sorts by time, and a person can type it. */
export function newRunId(startedAt: Date, random: string): string {
  return `${startedAt.toISOString().slice(0, 19).replace(/[-:]/g, '')}-${random}`;
}

/**
 * The run's first transaction: takes the locks, migrates, marks dead runs, and leaves a `running` row before anything
 * can go wrong, so that a run that dies is seen. Returns the dead ones.
 */
export async function announceRun(database: Database, run: RunIdentity): Promise<AbortedRun[]> {
  const trx = await database.db.startTransaction().execute();
  try {
    await prepareTables(database, trx, run);
    const dead = await findDead(trx, run);
    await markAborted(trx, run, dead);
    await trx
      .insertInto('runs')
      .values({
        id: run.id,
        status: 'running',
        business_date: run.businessDate,
        started_at: run.startedAt,
        pipeline_version: run.pipelineVersion,
        config_hash: run.configHash,
        datasets: [...run.datasets],
        host: run.host.hostname,
        pid: run.host.pid,
      })
      .execute();
    await trx.commit().execute();
    return dead;
  } catch (error) {
    await rollBack(trx);
    throw error;
  }
}

/** The one transaction of a dry run: what `announceRun` prepares is prepared in it too, and rolled back with the rest. */
export async function beginRehearsal(database: Database, run: RunIdentity): Promise<Loading> {
  const trx = await database.db.startTransaction().execute();
  try {
    await prepareTables(database, trx, run);
    return trx;
  } catch (error) {
    await rollBack(trx);
    throw error;
  }
}

async function prepareTables(database: Database, trx: Loading, run: RunIdentity): Promise<void> {
  await prepareSession(database, trx);
  await takeLocks(trx, database.schema, run);
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`projetus:migrate:${database.schema}`}, 0))`.execute(trx);
  await migrate(trx, database.schema);
  await makeHistoryPartitions(trx, run.startedAt);
}

/**
 * To be asked under the locks: whoever is still `running` on these datasets is dead then, or stands between its two
 * transactions and will write its end itself.
 */
export async function findDead(trx: Kysely<Tables>, run: RunIdentity): Promise<AbortedRun[]> {
  const rows = await trx
    .selectFrom('runs')
    .select(['id', 'started_at', 'host'])
    .where('status', '=', 'running')
    .where(sql<boolean>`datasets && ${[...run.datasets]}::text[]`)
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  return rows.map(({ id, started_at, host }) => ({ run_id: id, started_at: started_at.toISOString(), host }));
}

/** Not in the second transaction, nor in a rehearsal: there the lock on such a row would last as long as the load. */
async function markAborted(trx: Kysely<Tables>, run: RunIdentity, dead: readonly AbortedRun[]): Promise<void> {
  if (dead.length === 0) return;
  await trx
    .updateTable('runs')
    .set({ status: 'aborted', finished_at: run.startedAt })
    .where(
      'id',
      'in',
      dead.map(({ run_id }) => run_id),
    )
    .execute();
}

/** Begins the run's second transaction, which loads and publishes: takes the locks again. */
export async function beginLoading(database: Database, run: RunIdentity): Promise<Loading> {
  const trx = await database.db.startTransaction().execute();
  try {
    await prepareSession(database, trx);
    await takeLocks(trx, database.schema, run);
    return trx;
  } catch (error) {
    await rollBack(trx);
    if (error instanceof ProjetusError && error.code === 'locked') await withdraw(database, run);
    throw error;
  }
}

/** Removes the row of a run that came too late between its two transactions. */
async function withdraw(database: Database, run: RunIdentity): Promise<void> {
  const trx = await database.db.startTransaction().execute();
  await prepareSession(database, trx);
  await trx.deleteFrom('runs').where('id', '=', run.id).execute();
  await trx.commit().execute();
}

export type Loading = Awaited<ReturnType<ReturnType<Kysely<Tables>['startTransaction']>['execute']>>;

/** Never throws: when the connection is gone, the server rolls back by itself. */
export async function rollBack(trx: Loading): Promise<void> {
  await trx
    .rollback()
    .execute()
    .catch(() => undefined);
}

/** What every report of a run says: one that loads files, or one that undoes another. */
type EndedRun = Pick<RunReport, 'run_id' | 'status' | 'exit_code' | 'finished_at'>;

/** Writes how the run ended. `report` holds no personal data: the caller masks it. */
export async function recordEnd(db: Kysely<Tables>, report: EndedRun): Promise<void> {
  await db
    .updateTable('runs')
    .set({
      status: report.status,
      finished_at: new Date(report.finished_at),
      exit_code: report.exit_code,
      report: storableJson(report),
    })
    .where('id', '=', report.run_id)
    .execute();
}

/** Writes the end of a run whose transaction is gone. When the connection is gone too, the next run marks it `aborted`. */
export async function recordFailure(database: Database, report: EndedRun): Promise<void> {
  try {
    const trx = await database.db.startTransaction().execute();
    await prepareSession(database, trx);
    await recordEnd(trx, report);
    await trx.commit().execute();
  } catch {
    // The report already says what went wrong; that it could not be stored adds nothing to it.
  }
}

/** Whether something was ever published to this database. */
export async function holdsData(database: Database): Promise<boolean> {
  return (
    (await withTablesOfAnyVersion(
      database,
      async (db) => (await db.selectFrom('datasets').select('name').limit(1).execute()).length > 0,
    )) ?? false
  );
}

/**
 * Runs queries over the operational tables in a transaction that writes nothing; null when there are none yet. Throws
 * `migrations-pending`.
 */
export function withOperationalTables<Answer>(
  database: Database,
  query: (db: Kysely<Tables>) => Promise<Answer>,
): Promise<Answer | null> {
  return withTablesOfAnyVersion(database, async (db) => {
    await refusePending(db);
    return query(db);
  });
}

/** The same for who asks nothing that an older version did not have. */
export function withTablesOfAnyVersion<Answer>(
  database: Database,
  query: (db: Kysely<Tables>) => Promise<Answer>,
): Promise<Answer | null> {
  return inSchema(database, async (db) => {
    return (await tableExists(db, 'runs')) && (await tableExists(db, 'data_lineage')) ? query(db) : null;
  });
}

/** Runs queries in a transaction that writes nothing, where tables are looked for in our schema. */
export async function inSchema<Answer>(database: Database, query: (db: Kysely<Tables>) => Promise<Answer>): Promise<Answer> {
  const trx = await database.db.startTransaction().execute();
  try {
    await setSearchPath(database, trx);
    return await query(trx);
  } finally {
    await rollBack(trx);
  }
}

/**
 * Changes operational tables outside of a run, as a whole or not at all; null when there are none yet. Throws
 * `migrations-pending`.
 */
export async function changeOperationalTables<Answer>(
  database: Database,
  change: (trx: Kysely<Tables>) => Promise<Answer>,
): Promise<Answer | null> {
  const trx = await database.db.startTransaction().execute();
  try {
    await setSearchPath(database, trx);
    await sql`SELECT set_config('lock_timeout', ${lockTimeout}, true)`.execute(trx);
    const isThere = await tableExists(trx, 'runs');
    if (isThere) await refusePending(trx);
    const answer = isThere ? await change(trx) : null;
    await trx.commit().execute();
    return answer;
  } catch (error) {
    await rollBack(trx);
    throw error;
  }
}

export async function setSearchPath(database: Database, trx: Kysely<Tables>): Promise<void> {
  await sql`
    SELECT set_config('search_path', quote_ident(${database.schema}), true), set_config('DateStyle', 'ISO', true),
      set_config('TimeZone', 'UTC', true)`.execute(trx);
}

/** A reader's long query must not make every other reader wait behind our ALTER TABLE, nor us wait without an end. */
const lockTimeout = '10s';

/** Settings live as long as the transaction: behind PgBouncer the connection belongs to somebody else afterwards. */
async function prepareSession(database: Database, trx: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{
    there: boolean;
  }>`SELECT to_regnamespace(quote_ident(${database.schema})) IS NOT NULL AS there`.execute(trx);
  if (!rows[0]!.there) await sql`CREATE SCHEMA ${sql.id(database.schema)}`.execute(trx);
  await setSearchPath(database, trx);
  await sql`SELECT set_config('lock_timeout', ${lockTimeout}, true)`.execute(trx);
  if (database.session.engine === 'postgres') await watchClient(trx);
}

/**
 * Makes the server notice that we are gone. A killed client's locks stayed for 8 s and more in a long statement; with the
 * check they are gone within 2 s. A machine that lost its power says nothing at all: the server asks after 30 s of silence
 * and gives up 15 s later, instead of the system's two hours.
 */
async function watchClient(trx: Kysely<Tables>): Promise<void> {
  // While files are fetched the transaction waits, with its locks and without a snapshot: nothing that a server should end.
  await sql`
    SELECT set_config('idle_in_transaction_session_timeout', '0', true),
      set_config('client_connection_check_interval', '1s', true), set_config('tcp_keepalives_idle', '30', true),
      set_config('tcp_keepalives_interval', '5', true), set_config('tcp_keepalives_count', '3', true)`.execute(trx);
}

/** Transaction-level locks, one per dataset, in one order: session locks leak behind PgBouncer. Throws `locked`. */
async function takeLocks(trx: Kysely<Tables>, schema: string, run: RunIdentity): Promise<void> {
  for (const dataset of [...run.datasets].toSorted()) {
    const name = `projetus:${schema}:${dataset}`;
    const { rows } = await sql<{
      taken: boolean;
    }>`SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) AS taken`.execute(trx);
    if (!rows[0]!.taken) throw await lockedError(trx, dataset, run.id);
  }
}

async function lockedError(trx: Kysely<Tables>, dataset: string, runId: string): Promise<ProjetusError> {
  const holder = (await tableExists(trx, 'runs'))
    ? await trx
        .selectFrom('runs')
        .select(['id', 'host', 'pid', 'started_at'])
        .where('status', '=', 'running')
        .where('id', '<>', runId)
        .where(sql<boolean>`${dataset} = ANY (datasets)`)
        .orderBy('started_at', 'desc')
        .limit(1)
        .executeTakeFirst()
    : undefined;
  const who = holder
    ? `run ${holder.id} on ${holder.host}, process ${holder.pid}, since ${holder.started_at.toISOString()}`
    : 'another run';
  return new ProjetusError('locked', `${dataset} is being loaded by ${who}.`, {
    hint: 'wait for it to end; nothing was changed',
  });
}
