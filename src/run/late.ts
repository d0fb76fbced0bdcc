import { sql } from 'kysely';
import type { RunContext } from './examined.ts';

/**
 * Whether today's folder has not come: the newest one is of an earlier day, and something was published before, the last
 * time on an earlier day. A first run may start with any folder; what was published today had its files.
 */
export async function isLate(context: RunContext, folderDate: string | null): Promise<boolean> {
  const { trx, job, businessDate } = context;
  if (job.date !== null || folderDate === null || folderDate >= businessDate) return false;
  const { rows } = await sql<{ last: string | null }>`SELECT max(business_date)::text AS last FROM datasets`.execute(trx);
  const last = rows[0]!.last;
  return last !== null && last < businessDate;
}
