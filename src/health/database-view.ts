import { stat } from 'node:fs/promises';
import { migrations } from '../../migrations/index.ts';
import type { Config } from '../config/config.ts';
import { ProjetusError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { openDatabase, type Database } from '../db/open-database.ts';
import { withTablesOfAnyVersion } from '../runs.ts';
import { nothingYet, type Facts } from './facts.ts';
import { readFacts, type Asked } from './read-facts.ts';
import { within } from './within.ts';

/** What became of looking at the database. */
export type DatabaseView =
  | { readonly state: 'read'; readonly facts: Facts }
  /** An embedded database that no run has made yet. */
  | { readonly state: 'absent'; readonly folder: string; readonly facts: Facts }
  /** An embedded database that another process has, probably a run, and since when; null: it has just let it go. */
  | { readonly state: 'busy'; readonly reason: string; readonly since: Date | null }
  | { readonly state: 'down'; readonly reason: string };

export type Look = (asked: Asked, signal: AbortSignal) => Promise<DatabaseView>;

/** Answers within 5 s, with the start of the process and the printing. */
const usualDeadlineMs = 4_000;

/**
 * Looks at the configured database, and writes nothing. An embedded one is opened again only after somebody else had it:
 * to open it is to lock it, and a run that starts at that moment ends with 11. So it is asked once after each run, however
 * often a probe comes.
 */
export function databaseLook(config: Config, host: Host, deadlineMs = usualDeadlineMs): Look {
  const folder = config.database.url.startsWith('pglite:') ? config.database.url.slice('pglite:'.length) : null;
  const answer: Look = (asked, signal) => look(config, host, asked, signal, deadlineMs);
  if (folder === null) return answer;
  let last: { readonly opened: number; readonly view: DatabaseView } | null = null;
  return async (asked, signal) => {
    const opened = await lastOpened(folder);
    if (opened === null) return { state: 'absent', folder, facts: empty() };
    if (last?.opened === opened) return last.view;
    const view = await answer(asked, signal);
    last = view.state === 'read' ? { opened: (await lastOpened(folder)) ?? 0, view } : null;
    return view;
  };
}

async function look(config: Config, host: Host, asked: Asked, signal: AbortSignal, deadlineMs: number): Promise<DatabaseView> {
  const timeout = AbortSignal.timeout(deadlineMs);
  const either = AbortSignal.any([signal, timeout]);
  const { url, schema } = config.database;
  const opening = openDatabase({ url, schema, host, signal: either, retryMs: 0, onRetry: () => undefined });
  try {
    const database = await within(either, opening);
    const facts = await within(
      either,
      withTablesOfAnyVersion(database, (db) => readFacts(db, asked)),
    );
    return { state: 'read', facts: facts ?? empty() };
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return { state: 'down', reason: `no answer within ${deadlineMs / 1000} s` };
    if (!(error instanceof ProjetusError)) throw error;
    return error.code === 'locked' ? await busy(error) : { state: 'down', reason: error.message };
  } finally {
    const closing = close(opening, either.aborted);
    if (!either.aborted) await closing;
  }
}

/** A connection that did not answer in time is cut, also one that is made only later. */
async function close(opening: Promise<Database>, isLate: boolean): Promise<void> {
  try {
    const database = await opening;
    if (isLate) database.session.destroy();
    await database[Symbol.asyncDispose]();
  } catch {
    // It could not be opened, which is told already.
  }
}

async function busy({ message, file }: ProjetusError): Promise<DatabaseView> {
  return { state: 'busy', reason: message, since: file === null ? null : await changedAt(file) };
}

/** When the embedded database in a folder was opened or closed last; null when there is none. */
async function lastOpened(folder: string): Promise<number | null> {
  return (await changedAt(`${folder}/global/pg_control`))?.getTime() ?? null;
}

/** To the millisecond; null for a file that is not there. */
async function changedAt(file: string): Promise<Date | null> {
  try {
    return (await stat(file)).mtime;
  } catch {
    return null;
  }
}

function empty(): Facts {
  return nothingYet(Object.keys(migrations));
}
