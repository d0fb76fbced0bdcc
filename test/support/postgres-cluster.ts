import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import { postgresBinaries } from './postgres-binaries.ts';

/** A server of our own in a folder of its own. It goes away with the process that started it, even one that was killed. */
export type Cluster = {
  /** Over TCP with a password, as in production. */
  readonly url: (database: string) => string;
  /** Over the Unix socket, without a password. */
  readonly socketUrl: (database: string) => string;
  readonly folder: string;
  /** The server's messages so far. */
  readonly log: () => Promise<string>;
  /** `immediate` is a crash: the server recovers at its next start. */
  readonly stop: (mode?: 'fast' | 'immediate') => Promise<void>;
  /** Starts it again after `stop`, on the same port. */
  readonly start: () => Promise<void>;
  /** Stops it and removes its folder. */
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

const superuser = 'postgres';
const password = 'projetus-test';
const startTimeoutMs = 60_000;

/**
 * Makes and starts a cluster with the server's default settings, fsync included, but for `settings`: `fsync=off`.
 * Throws with the server's messages when it does not come up.
 */
export async function startCluster(settings: readonly string[] = []): Promise<Cluster> {
  const binaries = await postgresBinaries(process.env);
  // Not os.tmpdir(): a socket's path must fit 107 bytes, and TMPDIR may be long, or closed to the server's user.
  const folder = await mkdtemp('/tmp/projetus-pg-');
  const user = await serverUser();
  try {
    await chmod(folder, 0o755);
    if (user !== null) await chown(folder, user.uid, user.gid);
    await initialize(binaries, folder, user);
    const port = await freePort();
    return await clusterIn(binaries, folder, port, user, settings);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

type ServerUser = { readonly uid: number; readonly gid: number };

/** PostgreSQL and PgBouncer refuse to run as root; null: run as who we are. */
export async function serverUser(): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const account = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (account === undefined)
    throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.');
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

async function initialize(binaries: string, folder: string, user: ServerUser | null): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password);
  // --no-sync spares the fsync of an empty cluster (about a second).
  const options = ['--no-sync', '--encoding=UTF8', '--locale=C.UTF-8', '--auth-local=trust', '--auth-host=scram-sha-256'];
  const initdb = spawn(
    join(binaries, 'initdb'),
    ['-D', join(folder, 'data'), '-U', superuser, `--pwfile=${passwordFile}`, ...options],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], ...user },
  );
  let output = '';
  for (const stream of [initdb.stdout, initdb.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const code = await exitOf(initdb);
  if (code !== 0) throw new Error(`initdb of ${binaries} ended with ${code}:\n${output}`);
}

async function clusterIn(
  binaries: string,
  folder: string,
  port: number,
  user: ServerUser | null,
  more: readonly string[],
): Promise<Cluster> {
  const logFile = join(folder, 'server.log');
  const log = (): Promise<string> => readFile(logFile, 'utf8').catch(() => '');
  const url = (database: string): string => `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`;
  let guard: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const before = (await log()).length;
    const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, ...more];
    guard = await spawnGuarded(binaries, folder, settings, logFile, user);
    await untilReady(url('postgres'), guard, async () => (await log()).slice(before));
  };
  const stop = async (mode: 'fast' | 'immediate' = 'fast'): Promise<void> => {
    if (guard === null) return;
    const ended = exitOf(guard);
    guard.stdin!.end(mode === 'fast' ? 'INT\n' : 'QUIT\n');
    guard = null;
    await ended;
  };

  await start();
  return {
    url,
    socketUrl: (database) => `postgres://${superuser}@/${database}?host=${encodeURIComponent(folder)}&port=${port}`,
    folder,
    log,
    stop,
    start,
    [Symbol.asyncDispose]: async () => {
      await stop('immediate');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// The shell waits for a line or for the end of its input, which comes when we end, however we end. Then it signals the server:
// INT is a fast shutdown, QUIT an immediate one. It has not reaped the server until `wait`, so the pid is never another's.
const guardScript =
  '"$@" </dev/null & server=$!; read -r signal; kill -s "${signal:-QUIT}" "$server" 2>/dev/null; wait "$server"';

async function spawnGuarded(
  binaries: string,
  folder: string,
  settings: readonly string[],
  logFile: string,
  user: ServerUser | null,
): Promise<ChildProcess> {
  const server = [join(binaries, 'postgres'), '-D', join(folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])];
  await using log = await open(logFile, 'a');
  return spawn('/bin/sh', ['-c', guardScript, 'sh', ...server], {
    cwd: folder,
    stdio: ['pipe', log.fd, log.fd],
    // A group of its own: Ctrl-C in the terminal reaches us only, and we stop the server when the tests are done with it.
    detached: true,
    ...user,
  });
}

/** Tries to connect until the server answers, or says why it never will. `messages` are those since this start. */
async function untilReady(url: string, guard: ChildProcess, messages: () => Promise<string>): Promise<void> {
  let failure: unknown = null;
  guard.once('error', (error) => (failure = error));
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    const refusal = await refusalOf(url);
    if (refusal === null) return;
    const said = await messages();
    if (failure !== null || Date.now() > deadline || hopeless.test(said)) {
      guard.stdin?.end();
      throw new Error(`PostgreSQL did not start:\n${said}`, { cause: failure ?? refusal });
    }
    await setTimeout(50);
  }
}

// While it starts it refuses us with FATAL: the database system is starting up.
const hopeless = /FATAL: {2}(?!the database system is)|error while loading shared libraries|: not found|Permission denied/;

async function refusalOf(url: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  // Without a listener an error after connect would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return null;
  } catch (error) {
    return error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    child.once('exit', (code) => resolve(code));
    child.once('error', reject);
  });
}
