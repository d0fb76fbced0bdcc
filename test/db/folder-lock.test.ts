import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/db/folder-lock.ts';

const host = { pid: process.pid, hostname: 'here', user: 'test', isAlive: (pid: number) => pid === process.pid };

describe('the lock of an embedded database', () => {
  let root: string;
  let folder: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'projetus-lock-'));
    folder = join(root, 'db');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const held = (holder: unknown) => writeFile(`${folder}.lock`, typeof holder === 'string' ? holder : JSON.stringify(holder));

  it('is for one process, and free again after it', async () => {
    const unlock = await lockFolder(folder, host);
    await expect(lockFolder(folder, host)).rejects.toMatchObject({ code: 'locked', exitCode: 11 });
    await unlock();
    await (
      await lockFolder(folder, host)
    )();
    await expect(stat(`${folder}.lock`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('names its holder', async () => {
    await lockFolder(folder, host);
    await expect(lockFolder(folder, host)).rejects.toThrow(`process ${process.pid} on here`);
  });

  it.each([
    ['whose process is gone', { pid: 999_999_999, hostname: 'here', startedAt: '1' }],
    ['whose number another process has now', { pid: process.pid, hostname: 'here', startedAt: 'another moment' }],
    ['that was cut short by a crash', '{"pid": 12'],
    ['that is empty', ''],
    ['that holds something else', 'null'],
  ])('%s is taken over', async (_, holder) => {
    await held(holder);
    const unlock = await lockFolder(folder, host);
    expect(JSON.parse(await readFile(`${folder}.lock`, 'utf8'))).toMatchObject({ pid: process.pid });
    await unlock();
  });

  it('of another machine is never taken over', async () => {
    await held({ pid: 999_999_999, hostname: 'there', startedAt: '1' });
    await expect(lockFolder(folder, host)).rejects.toMatchObject({ code: 'locked' });
  });

  it('goes to one of many that ask at once, a dead holder or none', async () => {
    for (const before of [null, { pid: 999_999_999, hostname: 'here', startedAt: '1' }]) {
      if (before) await held(before);
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder, host)));
      const won = results.filter((result) => result.status === 'fulfilled');
      expect(won).toHaveLength(1);
      await won[0]!.value();
    }
  });
});
