import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localhostCertificate, localhostKey } from './localhost-certificate.ts';

const binary = '/usr/sbin/exim4';

/** Why there is no real mail server to try, or null. Debian's needs root to take a configuration of ours. */
export const whyNoExim = !existsSync(binary) ? 'no exim4 here' : process.getuid?.() === 0 ? null : 'exim4 needs root';

export type Exim = {
  readonly port: number;
  /** Headers of the messages that it took, as it keeps them. */
  readonly taken: () => Promise<string[]>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Debian's mail server on loopback: STARTTLS, login as ana, and nothing leaves its queue. */
export async function startExim(password: string): Promise<Exim> {
  const folder = await mkdtemp(join(tmpdir(), 'projetus-exim-'));
  // It serves as a user of its own.
  await chmod(folder, 0o777);
  const port = await freePort();
  await writeFile(join(folder, 'cert.pem'), localhostCertificate);
  await writeFile(join(folder, 'key.pem'), localhostKey);
  await writeFile(join(folder, 'exim.conf'), configuration(folder, port, password), { mode: 0o644 });
  const daemon = spawn(binary, ['-C', join(folder, 'exim.conf'), '-bdf'], { stdio: 'ignore' });
  const ended = new Promise((resolve) => daemon.once('close', resolve));
  await untilListening(port);
  const queue = join(folder, 'spool/input');
  return {
    port,
    taken: async () => {
      const names = (await readdir(queue)).filter((name) => name.endsWith('-H'));
      return Promise.all(names.map((name) => readFile(join(queue, name), 'utf8')));
    },
    [Symbol.asyncDispose]: async () => {
      daemon.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilListening(port: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await accepts(port))) {
    if (performance.now() > deadline) throw new Error('exim4 does not listen after 10 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function configuration(folder: string, port: number, password: string): string {
  return `primary_hostname = localhost
spool_directory = ${folder}/spool
log_file_path = ${folder}/%slog
pid_file_path = ${folder}/pid
daemon_smtp_ports = ${port}
local_interfaces = 127.0.0.1
tls_advertise_hosts = *
tls_certificate = ${folder}/cert.pem
tls_privatekey = ${folder}/key.pem
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
queue_only = true
keep_environment =
begin acl
rcpt:
  accept authenticated = *
  deny message = log in first
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{ana}}{eq{$auth3}{${password}}}}}
  server_set_id = $auth2
`;
}
