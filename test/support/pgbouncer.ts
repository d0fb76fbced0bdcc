import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chown, constants, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, serverUser } from './postgres-cluster.ts';

/** A PgBouncer in transaction mode: every transaction may get another connection of the server. */
export type Bouncer = {
  /** The way to a database of the server through it. */
  readonly through: (url: string) => string;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Where PgBouncer is installed; null where it is not. */
export async function findPgbouncer(env: Readonly<Record<string, string | undefined>>): Promise<string | null> {
  for (const folder of [...(env['PATH'] ?? '').split(delimiter), '/usr/sbin']) {
    const path = join(folder, 'pgbouncer');
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}

const startTimeoutMs = 10_000;

/** Starts one for the server of `serverUrl`, on a free port of this machine. */
export async function startPgbouncer(binary: string, serverUrl: string): Promise<Bouncer> {
  const folder = await mkdtemp('/tmp/projetus-bouncer-');
  const port = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(file, settings(new URL(serverUrl), port));
  const user = await serverUser();
  if (user) for (const path of [folder, file]) await chown(path, user.uid, user.gid);
  const bouncer = spawn(binary, ['--quiet', file], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...user });
  let messages = '';
  bouncer.stderr.on('data', (chunk) => (messages += String(chunk)));
  await untilListening(port, () => messages);
  return {
    through: (url) => {
      const own = new URL(url);
      own.host = `127.0.0.1:${port}`;
      return own.href;
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(bouncer, 'exit');
      if (bouncer.exitCode === null && bouncer.kill('SIGKILL')) await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function settings(server: URL, port: number): string {
  return `[databases]
* = host=${server.hostname} port=${server.port} user=${server.username} password=${server.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
`;
}

async function untilListening(port: number, messages: () => string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  while (!(await isListening(port))) {
    if (Date.now() > deadline) throw new Error(`PgBouncer did not start:\n${messages()}`);
    await sleep(20);
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
