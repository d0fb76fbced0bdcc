import { spawnSync } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { admittedBy, commandOf, copyOf, readDockerfile, variablesOf, type Instruction, type Stage } from './dockerfile.ts';

/**
 * Does what the Dockerfile says, without Docker: each stage in an empty folder, as a user who is not root, then the
 * command and the health check of the last stage on the sample files. What it cannot try: the images themselves, their
 * layers and owners. `npm run container`; it downloads all dependencies anew.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync('/tmp/projetus-container-');
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const admitted = admittedBy(readFileSync(join(root, '.dockerignore'), 'utf8'));
const stages = readDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'));

try {
  own(work);
  for (const [index, stage] of stages.entries()) build(stage, index);
  tryLast(stages.at(-1)!, stages.length - 1);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function build(stage: Stage, index: number): void {
  mkdirSync(place(index, '/app'), { recursive: true });
  own(place(index, '/app'));
  let env: Record<string, string> = {};
  for (const step of stage.steps) {
    console.log(`${stage.name ?? 'last stage'}: ${step.name} ${step.rest}`);
    if (step.name === 'ENV') env = { ...env, ...variablesOf(step) };
    else if (step.name === 'COPY') copy(step, index);
    else if (step.name === 'RUN') run(['sh', '-c', step.rest], index, env);
  }
}

/** The sample files are the day's, as a volume would bring them. */
function tryLast(stage: Stage, index: number): void {
  const find = (name: string) => stage.steps.findLast((step) => step.name === name)!;
  const env = variablesOf(find('ENV'));
  cpSync(join(root, 'data/raw'), place(index, '/app/data/raw'), { recursive: true });
  ownAll(place(index, '/app/data'));
  run([...commandOf(find('CMD'))], index, env);
  run([...commandOf(find('HEALTHCHECK'))], index, env);
  const tools = readdirSync(place(index, '/app/node_modules')).filter((name) => /^(typescript|vitest|oxlint|node)$/.test(name));
  if (tools.length > 0) throw new Error(`tools of the development are in the image: ${tools.join(', ')}`);
  console.log('The container works.');
}

function copy(step: Instruction, index: number): void {
  const { sources, target } = copyOf(step);
  const from = stages.findIndex(({ name }) => name === step.flags['from']);
  for (const source of sources) {
    if (from === -1 && !admitted.has(source)) throw new Error(`.dockerignore keeps ${source} back`);
    const to = target === './' ? join(place(index, '/app'), source) : join(place(index, '/app'), target);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from === -1 ? join(root, source) : place(from, source), to, { recursive: true, verbatimSymlinks: true });
    ownAll(to);
  }
}

function run(command: readonly string[], index: number, env: Readonly<Record<string, string>>): void {
  const path = [dirname(process.execPath), process.env['PATH']].join(':');
  const own = Object.entries(env).map(([name, value]) => [
    name,
    value.replaceAll('/app', place(index, '/app')).replace('$PATH', path),
  ]);
  const ended = spawnSync(command[0]!, command.slice(1), {
    cwd: place(index, '/app'),
    env: { ...proxies(), PATH: path, HOME: work, ...Object.fromEntries(own) },
    stdio: ['ignore', 'inherit', 'inherit'],
    ...nobody,
  });
  if (ended.status !== 0) throw new Error(`${command.join(' ')} ended with ${ended.status}: ${ended.error?.message ?? ''}`);
}

/** How this machine reaches a registry; nothing else of its environment. */
function proxies(): Record<string, string | undefined> {
  const names = Object.keys(process.env).filter((name) => /_proxy$|^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/i.test(name));
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

/** Where a path of a stage is on this machine. */
function place(index: number, path: string): string {
  return join(work, String(index), path);
}

function own(path: string): void {
  if (nobody.uid !== undefined) chownSync(path, nobody.uid, nobody.gid);
}

function ownAll(path: string): void {
  if (nobody.uid === undefined) return;
  spawnSync('chown', ['-R', `${nobody.uid}:${nobody.gid}`, path]);
}
