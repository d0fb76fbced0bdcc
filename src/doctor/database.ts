import { stat } from 'node:fs/promises';
import { sql } from 'kysely';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { openDatabase, type Database } from '../db/open-database.ts';
import { fail, failed, ok, warn, type Finding, type Patient } from './finding.ts';

const name = 'database';

/** For everything that is asked of it. */
const patienceMs = 20_000;

export type Opened = { readonly finding: Finding; readonly database: Database | null };

/** Connects once. Where it fails, nothing more can be asked. An embedded database that is not there is not made. */
export async function openPatient(patient: Patient): Promise<Opened> {
  const { url, schema } = patient.config.database;
  const folder = url.startsWith('pglite:') ? url.slice('pglite:'.length) : null;
  if (folder !== null && !(await isThere(folder))) {
    return { finding: ok(name, `the embedded database ${folder} is not there yet; the first run makes it`), database: null };
  }
  const timeout = AbortSignal.timeout(patienceMs);
  const signal = AbortSignal.any([patient.signal, timeout]);
  try {
    const database = await openDatabase({ url, schema, host: patient.host, signal, retryMs: 0, onRetry: () => undefined });
    // A server that stops answering is cut off, and the question that waits for it fails.
    signal.addEventListener('abort', () => database.session.destroy(), { once: true });
    return { finding: await greet(database, folder), database };
  } catch (error) {
    patient.signal.throwIfAborted();
    if (timeout.aborted) return { finding: silent(), database: null };
    if (error instanceof ProjetusError && error.code === 'locked')
      return { finding: warn(name, error.message, 'wait for that process to end, then look again'), database: null };
    return { finding: failed(name, error), database: null };
  }
}

async function greet(database: Database, folder: string | null): Promise<Finding> {
  const { rows } = await sql<{ version: string }>`SELECT current_setting('server_version') AS version`.execute(database.db);
  const version = rows[0]!.version;
  if (folder === null) return ok(name, `PostgreSQL ${version} answers`);
  return ok(name, `the embedded database ${folder} (PostgreSQL ${version}) opens; for production set DATABASE_URL to a server`);
}

function silent(): Finding {
  const message = `the database does not answer within ${patienceMs / 1000} s`;
  return fail(name, message, 'look at the server and at the network between', exitCodes.unavailable);
}

function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
