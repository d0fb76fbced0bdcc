import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { inject } from 'vitest';

/** A database of one's own on the run's server; dropped at the end of `await using`, whoever is still connected. */
export type TestDatabase = {
  readonly name: string;
  /** Over TCP with a password. */
  readonly url: string;
  readonly socketUrl: string;
  /** One statement on a connection of its own. */
  readonly query: (text: string, parameters?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** An empty database, or a copy of `template` (see `template`). Takes about 50 ms. */
export async function createDatabase(options: { readonly template?: string } = {}): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${escapeIdentifier(options.template ?? 'template1')}`);
  const url = databaseUrl(inject('postgresUrl'), name);
  return {
    name,
    url,
    socketUrl: databaseUrl(inject('postgresSocketUrl'), name),
    query: (text, parameters) => query(url, text, parameters),
    [Symbol.asyncDispose]: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).then(() => undefined),
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

function onServer(text: string): Promise<Record<string, unknown>[]> {
  return query(inject('postgresUrl'), text);
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
