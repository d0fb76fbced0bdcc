import type { Check, Seen } from '../check.ts';
import type { DatabaseView } from '../database-view.ts';
import { duration } from '../wording.ts';

const name = 'database';

type BusyView = Extract<DatabaseView, { state: 'busy' }>;

/** A run keeps an embedded database to itself, so that it is busy while one is at work; not for longer than a run may take. */
export function checkDatabase({ config, now, database }: Seen): Check {
  const { state } = database;
  if (state === 'busy') return busy(database, config.extraction.finishGraceMinutes * 60_000, now);
  if (state === 'absent')
    return { name, status: 'warn', message: `the embedded database ${database.folder} is not there yet; the first run makes it` };
  if (state === 'down') {
    const message = `the database cannot be read: ${database.reason}; check that the server runs, and DATABASE_URL`;
    return { name, status: 'fail', message };
  }
  return { name, status: 'ok', message: 'it can be read' };
}

function busy({ reason, since }: BusyView, longestMs: number, now: Date): Check {
  const ms = since === null ? 0 : now.getTime() - since.getTime();
  const holder = reason.replace(/\.$/, '');
  return ms > longestMs
    ? { name, status: 'fail', message: `${holder}, for ${duration(ms)}: look at that process` }
    : { name, status: 'warn', message: `${holder}, probably by a run; look again when it has ended` };
}
