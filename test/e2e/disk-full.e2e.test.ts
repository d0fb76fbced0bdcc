import { open, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileServer } from '../support/file-server.ts';
import { smallDisk } from '../support/small-disk.ts';
import {
  assertDecent,
  binary,
  createWorkspace,
  day,
  dayOne,
  manyObras,
  obrasConfig,
  startProcess,
  type Ended,
  type Workspace,
} from './workspace.ts';

const nextDay = '2026-11-21';

/** Fills a disk, but for a little. */
async function fill(path: string, leftBytes: number): Promise<void> {
  const zeros = Buffer.alloc(1024 * 1024);
  await using file = await open(path, 'w');
  let sizeBytes = 0;
  try {
    for (;;) sizeBytes += (await file.write(zeros)).bytesWritten;
  } catch {
    await file.truncate(Math.max(0, sizeBytes - leftBytes));
  }
}

const obras = (workspace: Workspace) => workspace.query('SELECT id, valor, nome, xmin::text FROM obras ORDER BY id');

/** Node, with files that may grow to 12 MB: a disk quota by other means, where no disk can be mounted. Gives EFBIG instead of ENOSPC. */
function withSmallFiles(workspace: Workspace, args: readonly string[]): Promise<Ended> {
  const script = 'ulimit -f 12288; exec "$@"';
  return startProcess('/bin/sh', ['-c', script, 'sh', process.execPath, binary, ...args], workspace.folder, {
    DATABASE_URL: workspace.databaseUrl,
  }).ended;
}

describe('a disk that is full', () => {
  it('under the embedded database is exit code 75, and the data is as before once there is room', async () => {
    await using workspace = await createWorkspace(undefined, 'pglite');
    const disk = join(workspace.folder, 'data/db');
    await using mounted = await smallDisk(disk);
    await workspace.put(day, 'obras.csv', dayOne);
    expect(await workspace.projetus(['run', '--date', day])).toMatchObject({ code: 0 });
    const before = await obras(workspace);
    await workspace.put(nextDay, 'obras.csv', manyObras(200_000));
    if (mounted) await fill(join(disk, 'filler'), 2 * 1024 * 1024);
    const args = ['run', '--date', nextDay, '--json'];
    const ended = mounted ? await workspace.projetus(args) : await withSmallFiles(workspace, args);
    assertDecent(ended);
    expect({ code: ended.code, stderr: ended.stderr }).toMatchObject({ code: 75 });
    expect(ended.stderr.match(/^error \[/gm)).toHaveLength(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ status: 'failed', exit_code: 75, error: { code: 'disk-full' } });
    await rm(join(disk, 'filler'), { force: true });
    expect(await obras(workspace)).toEqual(before);
  });

  it('when the embedded database is made is exit code 75, and the program ends', async () => {
    await using workspace = await createWorkspace(undefined, 'pglite');
    const disk = join(workspace.folder, 'data/db');
    await using mounted = await smallDisk(disk);
    await workspace.put(day, 'obras.csv', dayOne);
    // Where no disk can be mounted, a file stands where the folder should be.
    if (mounted) await fill(join(workspace.folder, 'data/db/filler'), 5 * 1024 * 1024);
    else await rm(disk, { recursive: true }).then(() => writeFile(disk, ''));
    const { code, stderr, durationMs } = await workspace.projetus(['run']);
    expect(code).toBe(75);
    expect(stderr).toMatch(/^error \[(disk-full|database-unavailable)\] .*\n {2}next: /);
    expect(durationMs).toBeLessThan(30_000);
  });

  it('under the raw files is exit code 75, leaves no part of a download, and the next run fetches all of it', async () => {
    await using server = await fileServer();
    server.put('/obras.csv', manyObras(200_000));
    await using workspace = await createWorkspace(`${obrasConfig}      url: '${server.url}/obras.csv'\n`);
    const raw = join(workspace.folder, 'data/raw');
    const args = ['run', '--json'];
    {
      await using mounted = await smallDisk(raw, 8);
      const ended = mounted ? await workspace.projetus(args) : await withSmallFiles(workspace, args);
      assertDecent(ended);
      expect({ code: ended.code, stderr: ended.stderr }).toMatchObject({ code: 75 });
      expect(JSON.parse(ended.stdout)).toMatchObject({ status: 'failed', error: { code: 'disk-full' } });
      expect(await readdir(join(raw, '.incoming'))).toEqual([]);
    }
    expect((await workspace.runJson()).report).toMatchObject({
      status: 'success',
      downloads: [{ status: 'fetched' }],
      datasets: [{ counts: { inserted: 200_000 } }],
    });
  });

  it('under stdout is exit code 75 and one message, after a run that is published', async () => {
    await using workspace = await createWorkspace();
    await workspace.put(day, 'obras.csv', dayOne);
    const ended = await startProcess(
      '/bin/sh',
      ['-c', '"$@" > /dev/full', 'sh', process.execPath, binary, 'run'],
      workspace.folder,
      {
        DATABASE_URL: workspace.databaseUrl,
      },
    ).ended;
    assertDecent(ended);
    expect(ended).toMatchObject({ code: 75, stderr: expect.stringMatching(/^error \[disk-full\] .*stdout/) as string });
    expect(await workspace.query('SELECT count(*)::int AS n FROM obras')).toEqual([{ n: 3 }]);
  });

  it('is not confused with a reader that had enough', async () => {
    await using workspace = await createWorkspace();
    await workspace.put(day, 'obras.csv', dayOne);
    const script = '{ "$@"; echo $? >&2; } | true';
    const ended = await startProcess('/bin/sh', ['-c', script, 'sh', process.execPath, binary, 'run'], workspace.folder, {
      DATABASE_URL: workspace.databaseUrl,
    }).ended;
    expect(ended).toMatchObject({ stderr: '0\n' });
  });
});
