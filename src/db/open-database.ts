import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, sql } from 'kysely';
import { ProjetusError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { sessionDialect } from './dialect.ts';
import { cutWhenAborted } from './interruption.ts';
import type { Session } from './session.ts';
import type { Tables } from './tables.ts';

export type Database = {
  readonly session: Session;
  readonly db: Kysely<Tables>;
  /** Where the tables are: the first schema of the search path. */
  readonly schema: string;
  /** Another connection to the same place, opened as patiently as this one was. */
  readonly reopen: () => Promise<Database>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type OpenOptions = {
  /** `postgres://…`, `postgresql://…` or `pglite:FOLDER`, the folder absolute. */
  readonly url: string;
  readonly schema: string;
  readonly host: Host;
  readonly signal: AbortSignal;
  /** How long a database that is not there is tried again; the waits double from half a second. */
  readonly retryMs: number;
  /** Nothing will be written: an embedded database that is not there is not made. */
  readonly isRehearsal?: boolean;
  readonly onRetry: (error: ProjetusError) => void;
};

const oldestServerVersion = 150_000;

export async function openDatabase(options: OpenOptions): Promise<Database> {
  const session = await connect(options);
  const db = new Kysely<Tables>({ dialect: sessionDialect(session) });
  try {
    using _interruption = cutWhenAborted(options.signal, session);
    await checkVersion(db);
  } catch (error) {
    await session.close();
    throw error;
  }
  return {
    session,
    db,
    schema: options.schema,
    reopen: () => openDatabase(options),
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}

/** Only the engine that is asked for is loaded: each takes 30 ms of CPU, and `health` is asked often. */
async function connect(options: OpenOptions): Promise<Session> {
  if (options.url.startsWith('pglite:')) {
    const { openPglite, openPgliteForRehearsal } = await import('./pglite-session.ts');
    const open = options.isRehearsal ? openPgliteForRehearsal : openPglite;
    return open(options.url.slice('pglite:'.length), options.host);
  }
  const { openPostgres } = await import('./postgres-session.ts');
  const started = performance.now();
  for (let waitMs = 500; ; waitMs = Math.min(waitMs * 2, 8_000)) {
    try {
      return await openPostgres(options.url);
    } catch (error) {
      const isOver = performance.now() - started + waitMs > options.retryMs;
      if (!(error instanceof ProjetusError) || error.code !== 'database-unavailable' || isOver) throw error;
      options.onRetry(error);
      await sleep(waitMs, undefined, { signal: options.signal });
    }
  }
}

async function checkVersion(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ number: number }>`select current_setting('server_version_num')::int as number`.execute(db);
  const version = rows[0]!.number;
  if (version < oldestServerVersion) {
    throw new ProjetusError(
      'database-too-old',
      `The server is PostgreSQL ${Math.floor(version / 10_000)}; 15 or later is needed.`,
      {
        hint: 'upgrade the server, or point DATABASE_URL at a newer one',
      },
    );
  }
}
