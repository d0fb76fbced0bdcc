import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ProjetusError } from '../../src/core/errors.ts';
import { openPostgres } from '../../src/db/postgres-session.ts';
import { localhostCertificate, localhostKey } from '../support/localhost-certificate.ts';
import { serverUser, startCluster, type Cluster } from '../support/postgres-cluster.ts';
import { query } from '../support/postgres.ts';
import { otherCertificate } from './other-certificate.ts';

/** Servers and files of these tests: a CA that signed the server's certificate (itself), and one that did not. */
const { cluster, elsewhere, folder } = await fixture();
const canAskPsql = await hasPsql();
afterAll(async () => {
  await elsewhere.close();
  await cluster[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

type Row = { readonly mode: string; readonly ca?: 'right' | 'wrong' | 'system'; readonly host?: 'other'; readonly is: string };

/** What a mode does: `tls`, `plain`, or the code of the error. */
const whenOffered: readonly Row[] = [
  { mode: '', is: 'tls' },
  { mode: 'disable', is: 'plain' },
  { mode: 'allow', is: 'plain' },
  { mode: 'prefer', is: 'tls' },
  { mode: 'prefer', ca: 'right', is: 'tls' },
  // libpq too goes on without TLS where the certificate is refused: `prefer` promises nothing.
  { mode: 'prefer', ca: 'wrong', is: 'plain' },
  { mode: 'require', is: 'tls' },
  { mode: 'require', host: 'other', is: 'tls' },
  { mode: 'require', ca: 'right', is: 'tls' },
  { mode: 'require', ca: 'wrong', is: 'database-tls' },
  { mode: 'verify-ca', ca: 'right', is: 'tls' },
  { mode: 'verify-ca', ca: 'right', host: 'other', is: 'tls' },
  { mode: 'verify-ca', ca: 'wrong', is: 'database-tls' },
  { mode: 'verify-full', ca: 'right', is: 'tls' },
  { mode: 'verify-full', ca: 'right', host: 'other', is: 'database-tls' },
  { mode: 'verify-full', ca: 'wrong', is: 'database-tls' },
  { mode: 'verify-full', is: 'database-tls' },
];

describe('sslmode, of a server that offers TLS', () => {
  beforeAll(() => configure({ ssl: 'on', hba: 'host' }));

  it.each(whenOffered)('$mode with the CA $ca and the host $host: $is', async (row) => {
    expect(await outcome(row)).toBe(row.is);
  });

  it.skipIf(!canAskPsql)('is the same for psql', { timeout: 60_000 }, async () => {
    const said = await Promise.all(
      whenOffered.map(async (row) => `${row.mode} ${row.ca} ${row.host}: ${await psqlOutcome(row)}`),
    );
    const same = (is: string) => (is === 'database-tls' ? 'refused' : is);
    expect(said).toEqual(whenOffered.map((row) => `${row.mode} ${row.ca} ${row.host}: ${same(row.is)}`));
  });

  it('trusts the machine with sslrootcert=system, and so not a certificate that signed itself', async () => {
    expect(await outcome({ mode: 'verify-full', ca: 'system' })).toBe('database-tls');
  });

  it('stays encrypted for COPY and for the connection that cancels', async () => {
    const session = await openPostgres(urlOf({ mode: 'verify-full', ca: 'right' }));
    await session.query('CREATE TEMP TABLE filled (line text)', []);
    const copy = session.copyIn('filled');
    const lines = Buffer.from(`${'x'.repeat(99)}\n`.repeat(2_000));
    for (let chunk = 0; chunk < 50; chunk++) await copy.write(Buffer.from(lines));
    await copy.end();
    expect((await session.query('SELECT count(*)::int AS count FROM filled', [])).rows).toEqual([{ count: 100_000 }]);
    const sleeping = session.query('SELECT pg_sleep(60)', []).catch((error: unknown) => error);
    await untilSleeping();
    await session.cancel?.();
    expect(await sleeping).toMatchObject({ code: 'database-timeout' });
    await session.close();
    const log = await cluster.log();
    expect(log).not.toContain('SSL error');
  });

  it('is not weakened by NODE_TLS_REJECT_UNAUTHORIZED', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await outcome({ mode: 'verify-full' })).toBe('database-tls');
  });
});

describe('sslmode, of a server', () => {
  it.each([
    { mode: '', is: 'plain' },
    { mode: 'prefer', is: 'plain' },
    { mode: 'require', is: 'database-tls' },
    { mode: 'verify-full', is: 'database-tls' },
  ])('without TLS: $mode is $is', async ({ mode, is }) => {
    await configure({ ssl: 'off', hba: 'host' });
    expect(await outcome({ mode })).toBe(is);
  });

  it.each([
    { mode: 'disable', is: 'credentials-wrong' },
    { mode: 'allow', is: 'tls' },
  ])('that lets in nobody without TLS: $mode is $is', async ({ mode, is }) => {
    await configure({ ssl: 'on', hba: 'hostssl' });
    expect(await outcome({ mode })).toBe(is);
  });

  it('that lets in nobody with TLS: prefer is plain', async () => {
    await configure({ ssl: 'on', hba: 'hostnossl' });
    expect(await outcome({ mode: 'prefer' })).toBe('plain');
  });

  it('at a Unix socket, which has none whatever the mode', async () => {
    const session = await openPostgres(`${cluster.socketUrl('postgres')}&sslmode=verify-full`);
    expect((await session.query('SELECT 1 AS one', [])).rows).toEqual([{ one: 1 }]);
    await session.close();
  });
});

describe('the files of TLS', () => {
  it.each([
    {
      parameters: 'sslmode=verify-ca&sslrootcert=/nowhere/ca.pem',
      message: 'sslrootcert: /nowhere/ca.pem cannot be used (ENOENT).',
    },
    {
      parameters: 'sslmode=verify-full&sslrootcert=README.md',
      message: 'sslrootcert: README.md cannot be used (it holds no PEM).',
    },
    { parameters: 'sslcert=README.md&sslkey=/nowhere', message: 'sslcert: README.md cannot be used (it holds no PEM).' },
  ])('that cannot be used are named: $parameters', async ({ parameters, message }) => {
    const error = await openPostgres(`postgres://127.0.0.1:1/x?${parameters}`).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'database-tls', message });
  });
});

async function outcome(row: Omit<Row, 'is'>): Promise<string> {
  try {
    const session = await openPostgres(urlOf(row));
    const { rows } = await session.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()', []);
    await session.close();
    return rows[0]!['ssl'] === true ? 'tls' : 'plain';
  } catch (error) {
    if (error instanceof ProjetusError) return error.code;
    throw error;
  }
}

function urlOf({ mode, ca, host }: Omit<Row, 'is'>): string {
  const url = new URL(host === 'other' ? elsewhere.url : cluster.url('postgres'));
  if (mode !== '') url.searchParams.set('sslmode', mode);
  if (ca) url.searchParams.set('sslrootcert', ca === 'system' ? 'system' : join(folder, `${ca}.pem`));
  return url.href;
}

async function hasPsql(): Promise<boolean> {
  return promisify(execFile)('psql', ['--version']).then(
    () => true,
    () => false,
  );
}

/** `tls`, `plain` or `refused`; in a HOME without certificates. */
async function psqlOutcome(row: Omit<Row, 'is'>): Promise<string> {
  const select = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
  const env = { PATH: process.env['PATH'], HOME: folder };
  const ended = promisify(execFile)('psql', ['-XAt', '-c', select, urlOf(row)], { env });
  return ended.then(
    ({ stdout }) => (stdout.trim() === 't' ? 'tls' : 'plain'),
    () => 'refused',
  );
}

async function untilSleeping(): Promise<void> {
  const sleeping = `SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'`;
  while ((await query(cluster.url('postgres'), sleeping)).length === 0);
}

/** Over the Unix socket, which no setting of TLS concerns. */
async function configure({ ssl, hba }: { ssl: 'on' | 'off'; hba: 'host' | 'hostssl' | 'hostnossl' }): Promise<void> {
  const line = `local all all trust\n${hba} all all 127.0.0.1/32 scram-sha-256\n`;
  await writeFile(join(cluster.folder, 'data/pg_hba.conf'), line);
  const admin = cluster.socketUrl('postgres');
  await query(admin, `ALTER SYSTEM SET ssl = ${ssl}`);
  await query(admin, 'SELECT pg_reload_conf()');
  // The server reads its files again a moment after it was told to.
  while ((await query(admin, 'SHOW ssl'))[0]!['ssl'] !== ssl);
  const loaded = `SELECT FROM pg_hba_file_rules WHERE type = '${hba}'`;
  while ((await query(admin, loaded)).length === 0);
}

/** A server with a certificate, and a way to it by an address that its certificate does not name. */
async function fixture() {
  const folder = await mkdtemp(join(tmpdir(), 'projetus-tls-'));
  await writeFile(join(folder, 'right.pem'), localhostCertificate);
  await writeFile(join(folder, 'wrong.pem'), otherCertificate);
  const cluster = await startCluster();
  await giveCertificate(cluster);
  return { folder, cluster, elsewhere: await forward('127.0.0.2', cluster.url('postgres')) };
}

async function giveCertificate(cluster: Cluster): Promise<void> {
  const user = await serverUser();
  const tls = join(cluster.folder, 'tls');
  await mkdir(tls);
  for (const [name, text] of [
    ['server.crt', localhostCertificate],
    ['server.key', localhostKey],
  ] as const) {
    await writeFile(join(tls, name), text, { mode: 0o600 });
    if (user !== null) await chown(join(tls, name), user.uid, user.gid);
  }
  if (user !== null) await chown(tls, user.uid, user.gid);
  await query(cluster.socketUrl('postgres'), `ALTER SYSTEM SET ssl_cert_file = '${join(tls, 'server.crt')}'`);
  await query(cluster.socketUrl('postgres'), `ALTER SYSTEM SET ssl_key_file = '${join(tls, 'server.key')}'`);
}

async function forward(address: string, url: string) {
  const { hostname, port } = new URL(url);
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => void (client.destroy(), upstream.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const own = server.address();
  if (own === null || typeof own === 'string') throw new Error('no port');
  return {
    url: url.replace(`${hostname}:${port}`, `${address}:${own.port}`),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
