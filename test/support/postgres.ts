import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { inject } from 'vitest';

/** A database of one's own on the run's server; dropped at the end of `await using`, whoever is still connected. */
export type TestDatabase = {
  readonly name: string;
  /** Over TCP with a password. */
  readonly url: string;
  readonly socketUrl: string;
  /** Statements on a connection that nobody else has at the time. */
  readonly query: (text: string, parameters?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** An empty database, or a copy of `template` (see `template`). Takes about 50 ms. */
export async function createDatabase(options: { readonly template?: string } = {}): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${escapeIdentifier(options.template ?? 'template1')}`);
  const socketUrl = databaseUrl(inject('postgresSocketUrl'), name);
  const connections = connectionsTo(socketUrl);
  return {
    name,
    url: databaseUrl(inject('postgresUrl'), name),
    socketUrl,
    query: connections.query,
    [Symbol.asyncDispose]: async () => {
      await connections.close();
      await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/**
 * Connections that are kept for the next statement: one takes 30 ms of CPU to make, and a test asks ten questions. One on
 * which a statement failed is not kept, since it may be in the middle of a transaction.
 */
function connectionsTo(url: string) {
  const idle: Client[] = [];
  const open = async (): Promise<Client> => {
    const client = new Client({ connectionString: url });
    // Some tests end every connection of a database.
    client.on('error', () => {
      const at = idle.indexOf(client);
      if (at >= 0) idle.splice(at, 1);
    });
    await client.connect();
    return client;
  };
  return {
    query: async (text: string, parameters: readonly unknown[] = []): Promise<Record<string, unknown>[]> => {
      const client = idle.pop() ?? (await open());
      try {
        const { rows } = await client.query<Record<string, unknown>>(text, [...parameters]);
        idle.push(client);
        return rows;
      } catch (error) {
        await client.end();
        throw error;
      }
    },
    close: async (): Promise<void> => {
      await Promise.all(idle.splice(0).map((client) => client.end()));
    },
  };
}

/**
 * The name of a database that `prepare` has filled, for `createDatabase({ template })`. The first caller of the run makes it;
 * others, in other test files at the same time, wait for it. `prepare` must have closed its connections when it returns.
 */
export async function template(name: string, prepare: (url: string) => Promise<void>): Promise<string> {
  const database = `template_${name}`;
  await using lock = await serverLock(database);
  if ((await lock.query('SELECT FROM pg_database WHERE datname = $1', [database])).rowCount === 1) return database;
  // Renamed when it is whole, so that a failed `prepare` leaves no half template behind.
  await using draft = await createDatabase();
  await prepare(draft.url);
  await lock.query(`ALTER DATABASE ${draft.name} RENAME TO ${escapeIdentifier(database)}`);
  return database;
}

async function serverLock(name: string): Promise<Client & AsyncDisposable> {
  const client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** One for each worker, until it ends. */
let server: ReturnType<typeof connectionsTo> | null = null;

function onServer(text: string): Promise<Record<string, unknown>[]> {
  server ??= connectionsTo(inject('postgresSocketUrl'));
  return server.query(text);
}

/** One statement on a connection of its own. */
export async function query(url: string, text: string, parameters: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Record<string, unknown>>(text, [...parameters]);
    return result.rows;
  } finally {
    await client.end();
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  return serverUrl.replace(/\/postgres(?=$|\?)/, `/${name}`);
}
