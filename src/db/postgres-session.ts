import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';
import { databaseError } from './database-error.ts';
import type { CopyIn, Session } from './session.ts';

/** Chunks given to the socket and not yet taken: 64 of 64 KB keep the server busy; waiting for each starves it (1.47 L against 1.11 L). */
const chunksInFlight = 64;

const connectTimeoutMs = 10_000;

/** How long a good-bye may take; a dead network never answers it. */
const closeMs = 1_000;

/** Connects once. Throws ProjetusError: `database-unavailable` may be tried again. */
export async function openPostgres(url: string): Promise<Session> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
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
    throw databaseError(error);
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
    copyIn: (target) => copyIn(client.query(copyFrom(`COPY ${target} FROM STDIN`))),
    close: async () => {
      await Promise.race([client.end().catch(() => undefined), sleep(closeMs, undefined, { ref: false })]);
      destroy();
    },
    // processID is there in every version of pg, but not in its types.
    cancel: () => cancelBackend(url, (client as unknown as { processID: number | null }).processID),
    destroy,
  };
}

/** Cancels through a second connection, the only way that PostgreSQL offers. */
async function cancelBackend(url: string, processID: number | null): Promise<void> {
  const control = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
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

function copyIn(stream: CopyStreamQuery): CopyIn {
  let pending = 0;
  let failure: Error | null = null;
  let wake: (() => void) | null = null;
  const settled = new Promise<void>((resolve) => {
    stream.once('finish', resolve);
    stream.once('error', (error) => {
      failure = error;
      resolve();
      wake?.();
    });
  });
  const written = () => {
    pending--;
    wake?.();
  };
  return {
    write: async (chunk) => {
      if (failure) throw databaseError(failure);
      pending++;
      stream.write(chunk, written);
      while (pending >= chunksInFlight && !failure) await new Promise<void>((resolve) => (wake = resolve));
      await turn();
      if (failure) throw databaseError(failure);
    },
    end: async () => {
      stream.end();
      await settled;
      if (failure) throw databaseError(failure);
      return stream.rowCount;
    },
  };
}
