import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { postgresBinaries } from '../support/postgres-binaries.ts';
import { startCluster } from '../support/postgres-cluster.ts';
import { scriptedHttp } from '../support/scripted-http.ts';
import { config, fixtureFolder, pastDays, type Day } from './days.ts';

/**
 * Writes the database of this checkout as `test/fixtures/databases/VERSION.sql`: `node test/upgrade/make-fixture.ts VERSION`,
 * with pg_dump 15 on the PATH or in PROJETUS_TEST_POSTGRES. A fixture is never made again: it is what that version wrote.
 */
const version = process.argv[2];
if (version === undefined || !/^[\w.]+$/.test(version))
  throw new Error('say which version: node test/upgrade/make-fixture.ts 0.1.0');

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
await using cluster = await startCluster();
await using webhook = await scriptedHttp(() => ({ status: 200, body: 'ok' }));
const folder = await mkdtemp(join(tmpdir(), 'projetus-fixture-'));
const url = cluster.url('postgres');
await writeFile(join(folder, 'config.yaml'), config);

await day(pastDays.first);
await day(pastDays.second);
await day(pastDays.third);
await correctOne();
await day(pastDays.fourth);
await day(pastDays.undone);
await projetus('runs', 'undo', await newestRun());
await day(pastDays.held, 5);
await day(pastDays.last);
await writeFile(join(root, `test/fixtures/databases/${version}.sql`), await dump());
await rm(folder, { recursive: true });

async function day({ date, files }: Day, expected = 0): Promise<void> {
  const raw = join(folder, 'data/raw', date);
  await mkdir(raw, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(raw, name), text);
  const { code, stdout, stderr } = await projetusCode('run', '--date', date);
  if (code !== expected) throw new Error(`${date} ended with ${code}, not ${expected}:\n${stdout}${stderr}`);
}

/** The reject of 5 comes back corrected; that of 6 is given up. */
async function correctOne(): Promise<void> {
  const exported = join(folder, 'rejects.csv');
  await projetus('quarantine', 'export', exported);
  const text = await readFile(exported, 'utf8');
  await writeFile(exported, text.replace('"cinco"', '"5,00"'));
  // 6 comes back as it was, and stays: 3, a retry that left something.
  await projetusCode('quarantine', 'retry', '--from', exported);
  const left = JSON.parse((await projetus('quarantine', 'list', '--json')).stdout) as { rejects: { id: string | number }[] };
  await projetus('quarantine', 'discard', String(left.rejects[0]!.id), '--yes');
}

async function newestRun(): Promise<string> {
  const { runs } = JSON.parse((await projetus('runs', 'list', '--json')).stdout) as { runs: { id?: string; run_id?: string }[] };
  return (runs[0]!.id ?? runs[0]!.run_id)!;
}

async function projetus(...args: string[]): Promise<{ stdout: string }> {
  const ended = await projetusCode(...args);
  if (ended.code !== 0) throw new Error(`projetus ${args.join(' ')} ended with ${ended.code}:\n${ended.stdout}${ended.stderr}`);
  return ended;
}

async function projetusCode(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'], TZ: 'UTC', DATABASE_URL: url, WEBHOOK: 'true', WEBHOOK_URL: webhook.url };
  return run(process.execPath, [join(root, 'bin/projetus.ts'), ...args], { cwd: folder, env }).then(
    (ended) => ({ code: 0, ...ended }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

/** As statements that every server from 15 on takes, and that need no psql. */
async function dump(): Promise<string> {
  const pgDump = join(await postgresBinaries(process.env), 'pg_dump');
  const { stdout } = await run(pgDump, ['--no-owner', '--no-privileges', '--inserts', '--rows-per-insert=50', url], {
    maxBuffer: 64 * 1024 * 1024,
  });
  // psql's own commands, comments, and a setting that only 17 knows.
  const lines = stdout.split('\n').filter((line) => !/^(\\|--|SET transaction_timeout)/.test(line));
  return lines
    .join('\n')
    .replaceAll(/\n{2,}/g, '\n\n')
    .replaceAll(folder, fixtureFolder)
    .replaceAll(hostname(), 'fixture')
    .replaceAll(webhook.url, 'http://127.0.0.1:1')
    .replaceAll(`"${userInfo().username}"`, '"fixture"')
    .trimStart();
}
