import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFolder } from '../../src/db/pglite-folder.ts';

let work: string;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'projetus-pglite-'));
});
afterAll(() => rm(work, { recursive: true }));

async function newFolder(name: string): Promise<string> {
  const folder = join(work, name);
  await mkdir(folder);
  return folder;
}

async function ask(folder: string, statement: string): Promise<unknown> {
  const database = await openFolder(folder);
  const { rows } = await database.query(statement);
  await database.close();
  return rows[0];
}

it('unpacks the database that the build has made: making one takes four times as long', async () => {
  const archive = fileURLToPath(import.meta.resolve('#empty-database'));
  const { stdout } = await promisify(execFile)('tar', ['-tzf', archive]);
  expect(stdout).toContain('PG_VERSION');
});

it('makes anew what was left unfinished, and keeps what is finished', async () => {
  const folder = await newFolder('unfinished');
  await writeFile(join(folder, 'PG_VERSION'), '17\n');
  await writeFile(`${folder}.unfinished`, '');
  expect(await ask(folder, 'CREATE TABLE kept AS SELECT 1 AS n')).toBeUndefined();
  expect(await ask(folder, 'SELECT n FROM kept')).toEqual({ n: 1 });
  expect(await readdir(work)).not.toContain('unfinished.unfinished');
});

it('comes to life again after a kill while its files come', async () => {
  const program = `import { openFolder } from ${JSON.stringify(import.meta.resolve('../../src/db/pglite-folder.ts'))};
    await openFolder(process.argv[1]); setInterval(() => {}, 1000);`;
  const leftUnfinished: boolean[] = [];
  for (const delayMs of [0, 60]) {
    const folder = await newFolder(`killed-${delayMs}`);
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    while ((await readdir(folder)).length === 0) await wait(2);
    await wait(delayMs);
    child.kill('SIGKILL');
    await once(child, 'exit');
    leftUnfinished.push((await readdir(work)).includes(`killed-${delayMs}.unfinished`));
    expect(await ask(folder, 'SELECT 1 AS n')).toEqual({ n: 1 });
  }
  // Else the kills met none of the moments that they are for.
  expect(leftUnfinished).toContain(true);
});
