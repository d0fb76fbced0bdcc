import { spawn, type ChildProcess } from 'node:child_process';
import { inject, vi } from 'vitest';
import type { RunReport } from '../../src/core/report.ts';
import { builtProgram } from '../support/built-program.ts';
import { query as queryAt } from '../support/postgres.ts';
import { createProject, type Engine, type Project } from '../support/project.ts';

// A process takes half a second to start, and several on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

/** The password of every connection of these tests: it must never come out of the program. */
export const secret = 's3cr3t-canary';

/** How a command ended. */
export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
};

export type Running = { readonly child: ChildProcess; readonly ended: Promise<Ended> };

/** A folder, a database and the real binary, as a user has them. */
export type Workspace = Project & {
  /** `projetus ARGS` in the workspace's folder, to its end. Checks what holds for every command: see `assertDecent`. */
  readonly projetus: (args: readonly string[], env?: Environment) => Promise<Ended>;
  readonly start: (args: readonly string[], env?: Environment) => Running;
  /** `run --json`, and the document that it prints. */
  readonly runJson: (args?: readonly string[], env?: Environment) => Promise<Ended & { readonly report: RunReport }>;
  /** Everything that a failed run must leave alone: structure, rows and their xmin. */
  readonly state: () => Promise<readonly string[]>;
};

export type Environment = Readonly<Record<string, string>>;

export const binary = builtProgram;

/** A dataset of three columns, for tests that are not about columns. */
export const obrasConfig = `
database: { url: "\${DATABASE_URL}" }
extraction:
  files:
    - name: obras
      entity: obra
      key: [id]
      columns:
        id: { from: [ID_OBRA] }
        valor: { from: [VALOR], type: "decimal(18,2)" }
        nome: { from: [NOME] }
`;

export const day = '2026-11-20';
export const dayOne = 'ID_OBRA;VALOR;NOME\n1;10,50;Ponte\n2;20;Escola\n3;;Praça\n';

export async function createWorkspace(yaml = obrasConfig, engine: Engine = 'postgres'): Promise<Workspace> {
  const project = await createProject(yaml, engine);
  const url = engine === 'postgres' ? await secretUrl(project.databaseUrl) : project.databaseUrl;
  const start: Workspace['start'] = (args, env = {}) =>
    startCommand([binary, ...args], project.folder, { DATABASE_URL: url, ...env });
  const projetus: Workspace['projetus'] = async (args, env) => {
    const ended = await start(args, env).ended;
    assertDecent(ended);
    return ended;
  };
  return {
    ...project,
    databaseUrl: url,
    start,
    projetus,
    runJson: (args = [], env) => {
      const ended = projetus(['run', '--json', ...args], env).then((end) => ({
        ...end,
        report: JSON.parse(end.stdout) as RunReport,
      }));
      // A test that fails before it awaits this has said enough.
      ended.catch(() => undefined);
      return ended;
    },
    state: () => databaseState(project),
  };
}

/** No command of these tests takes as long. */
const longestMs = 80_000;

/** Starts Node on a script, with nothing of our own environment but what it takes to start. */
export function startCommand(args: readonly string[], cwd: string, env: Environment): Running {
  return startProcess(process.execPath, args, cwd, env);
}

export function startProcess(command: string, args: readonly string[], cwd: string, env: Environment): Running {
  const started = performance.now();
  const child = spawn(command, [...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, TZ: 'UTC', LANG: 'C.UTF-8', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // Kept open for those who type; a process that reads none ends without it.
  child.stdin.on('error', () => undefined);
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  const ended = new Promise<Ended>((resolve, reject) => {
    // A program that does not end is a failure to be seen, not a test run that hangs (it happened: a full disk).
    const hanging = setTimeout(() => child.kill('SIGKILL'), longestMs);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(hanging);
      resolve({ code, signal, ...text, durationMs: performance.now() - started });
    });
  });
  return { child, ended };
}

/** What no command may ever print: a stack trace, or the password. */
export function assertDecent({ stdout, stderr }: Ended): void {
  const output = `${stdout}\n${stderr}`;
  if (/^\s+at .+:\d+:\d+\)?$/m.test(output) || output.includes('node:internal'))
    throw new Error(`a stack trace was printed:\n${output}`);
  if (output.includes(secret)) throw new Error(`the password was printed:\n${output}`);
}

/** The database's URL for a role whose password is the secret. */
async function secretUrl(databaseUrl: string): Promise<string> {
  await createRole('canary', 'SUPERUSER');
  return urlAs(databaseUrl, 'canary');
}

export function urlAs(databaseUrl: string, role: string, password = secret): string {
  const url = new URL(databaseUrl);
  url.username = role;
  url.password = password;
  return url.href;
}

/** A role of the server with the secret as its password; it may be there already, made by another test file. */
export async function createRole(name: string, attributes = ''): Promise<void> {
  await queryAt(
    inject('postgresUrl'),
    `DO $$ BEGIN CREATE ROLE ${name} LOGIN PASSWORD '${secret}' ${attributes};
     EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
  );
}

/** Tables that also tell of runs that published nothing. */
const logs = ['runs', 'extraction_logs', 'alerts', 'alert_deliveries'];

async function databaseState(project: Project): Promise<readonly string[]> {
  const columns = await project.query(`
    SELECT format('%s.%s %s', table_name, column_name, data_type) AS line FROM information_schema.columns
    WHERE table_schema = 'public' ORDER BY 1`);
  const tables = await project.query(`
    SELECT c.relname AS name FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`);
  const lines = columns.map(({ line }) => String(line));
  for (const name of tables.map((table) => String(table['name'])).filter((name) => !logs.includes(name))) {
    const rows = await project.query(`SELECT t.xmin::text || ' ' || t::text AS row FROM "${name}" t ORDER BY 1`);
    lines.push(...rows.map(({ row }) => `${name}: ${String(row)}`));
  }
  return lines;
}

/** Waits until the program's connection runs a statement that begins so. */
export async function untilBusy(workspace: Workspace, statement: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    const busy = await workspace.query(`
      SELECT FROM pg_stat_activity
      WHERE application_name = 'projetus' AND datname = current_database() AND state = 'active' AND ltrim(query, E' \\n') ILIKE '${statement}%'`);
    if (busy.length > 0) return;
  }
  throw new Error(`the program never ran ${statement}`);
}

/** Rows 0 to `count` - 1 of obras. */
export function manyObras(count: number, valor = '1,00'): string {
  const rows = Array.from({ length: count }, (_, index) => `${index};${valor};${'x'.repeat(60)}\n`);
  return `ID_OBRA;VALOR;NOME\n${rows.join('')}`;
}
