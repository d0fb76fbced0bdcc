import { sql } from 'kysely';
import { fail, failed, ok, warn, type Connected, type Finding } from '../finding.ts';

/** Beyond the first, times in the log are misleading; beyond the second, a run may belong to another day. */
const [noticeableMs, wrongMs] = [30_000, 15 * 60_000];

/** This machine's clock against that of the database's server: one of them is wrong when they differ. */
export async function checkClock({ database, clock }: Connected): Promise<Finding> {
  if (database.session.engine === 'pglite') return ok('clock', 'the embedded database has this machine’s');
  try {
    const before = clock().getTime();
    const { rows } = await sql<{ ms: number }>`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`.execute(
      database.db,
    );
    const after = clock().getTime();
    const apartMs = Math.round(rows[0]!.ms - (before + after) / 2);
    // What the question itself took may be all on one way.
    const surelyMs = Math.max(0, Math.abs(apartMs) - (after - before) / 2);
    const seconds = Math.round(Math.abs(apartMs) / 1000).toLocaleString('en-US');
    const message = `this machine’s clock is ${seconds} s ${apartMs > 0 ? 'behind' : 'ahead of'} the database server’s`;
    const fix = 'let both take the time from the network: timedatectl set-ntp true';
    if (surelyMs >= wrongMs) return fail('clock', message, fix);
    return surelyMs >= noticeableMs ? warn('clock', message, fix) : ok('clock', 'it agrees with the database server’s');
  } catch (error) {
    return failed('clock', error);
  }
}
