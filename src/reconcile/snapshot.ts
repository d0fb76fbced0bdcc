import { sql } from 'kysely';
import { refusePending } from '../db/migrations.ts';
import type { Database } from '../db/open-database.ts';
import { tableExists } from '../db/table-exists.ts';
import { rollBack, setSearchPath, type Loading } from '../runs.ts';

/**
 * Runs queries in one REPEATABLE READ transaction: a load that commits meanwhile is not seen. It is rolled back at the
 * end, and its temporary tables with it. Null when there are no operational tables yet. Throws `migrations-pending`.
 */
export async function inSnapshot<Answer>(database: Database, query: (trx: Loading) => Promise<Answer>): Promise<Answer | null> {
  const trx = await database.db.startTransaction().execute();
  try {
    await sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`.execute(trx);
    await setSearchPath(database, trx);
    if (database.session.engine === 'postgres') await sql`SET LOCAL client_connection_check_interval = '1s'`.execute(trx);
    // As in load/classify.ts: whole tables are joined, with staging tables whose statistics may be those of an empty one.
    // JIT took 3.6 of 13.2 s to compare the hashes of a million rows, and gave nothing back.
    await sql`
      SELECT set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`.execute(
      trx,
    );
    if (!(await tableExists(trx, 'reconciliations'))) return null;
    await refusePending(trx);
    return await query(trx);
  } finally {
    await rollBack(trx);
  }
}

/**
 * From here on PostgreSQL itself refuses to write to any table that is not temporary. Not from the start, since it
 * refuses CREATE TEMP TABLE as well; the files are staged before.
 */
export async function readOnly(trx: Loading): Promise<void> {
  await sql`SET TRANSACTION READ ONLY`.execute(trx);
}
