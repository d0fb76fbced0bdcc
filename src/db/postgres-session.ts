import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createCopyIn } from './copy-in.ts';
import { createCopyOut } from './copy-out.ts';
import { databaseError } from './database-error.ts';
import type { Session } from './session.ts';
import { mayTryAnotherWay, tlsAttempts, type Tls } from './tls.ts';

const connectTimeoutMs = 10_000;

/**
 * When the line is first asked whether anybody is there, while we wait for an answer. Ten questions later, 40 s in all, a
 * host that is gone is an error; the system's own two hours would be a run that hangs. A server that is there answers
 * them in the middle of the longest statement.
 */
const keepAliveMs = 30_000;

/**
 * How long a COPY may wait without the server taking anything. 4 MB are on their way at a time: who needs longer for them
 * has a line of less than 35 KB/s, on which a day's 400 MB would take three hours. Nothing in a server takes as long:
 * staging has no index, no trigger and no reader.
 */
const copyStallMs = 120_000;

/** How long a good-bye may take; a dead network never answers it. */
const closeMs = 1_000;

/** Connects once, over TLS as `sslmode` says. Throws ProjetusError: `database-unavailable` may be tried again. */
export async function openPostgres(url: string, stallMs = copyStallMs): Promise<Session> {
  const way = tlsAttempts(url);
  for (const [index, tls] of way.attempts.entries()) {
    try {
      return await openSession(way.url, tls, stallMs);
    } catch (error) {
      if (index === way.attempts.length - 1 || !mayTryAnotherWay(error)) throw databaseError(error);
    }
  }
  throw new Error('a mode without an attempt');
}

async function openSession(url: string, tls: Tls, stallMs: number): Promise<Session> {
  const client = new pg.Client({
    connectionString: url,
    ssl: tls,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    application_name: 'projetus',
  });
  // Without a listener a lost connection would end the process; the query that runs gets the error too.
  let lost: Error | null = null;
  client.on('error', (error) => (lost = error));
  const destroy = () => {
    client.connection.stream.destroy();
  };
  try {
    await client.connect();
  } catch (error) {
    destroy();
    throw error;
  }
  return {
    engine: 'postgres',
    query: async (text, parameters) => {
      if (lost) throw databaseError(lost);
      try {
        const result = await client.query(text, [...parameters]);
        return { rows: result.rows, affectedRows: result.rowCount ?? 0 };
      } catch (error) {
        throw databaseError(error, text);
      }
    },
    copyIn: (target) => client.query(createCopyIn(`COPY ${target} FROM STDIN`, stallMs, destroy)),
    copyOut: (select, take) => client.query(createCopyOut(`COPY (${select}) TO STDOUT (FORMAT binary)`, take)).done,
    close: async () => {
      await Promise.race([client.end().catch(() => undefined), sleep(closeMs, undefined, { ref: false })]);
      destroy();
    },
    // processID is there in every version of pg, but not in its types.
    cancel: () => cancelBackend(url, tls, (client as unknown as { processID: number | null }).processID),
    destroy,
  };
}

/** Cancels through a second connection, the only way that PostgreSQL offers. */
async function cancelBackend(url: string, tls: Tls, processID: number | null): Promise<void> {
  const control = new pg.Client({ connectionString: url, ssl: tls, connectionTimeoutMillis: 2_000 });
  control.on('error', () => undefined);
  try {
    await control.connect();
    await control.query('select pg_cancel_backend($1)', [processID]);
  } catch {
    // The connection is cut a moment later anyway; the cancel only makes it quicker.
  } finally {
    await control.end().catch(() => undefined);
  }
}
