import { chown, mkdtemp, rm } from 'node:fs/promises';
import { describe, expect, inject, it } from 'vitest';
import { query } from '../support/postgres.ts';
import { serverUser } from '../support/postgres-cluster.ts';
import { smallDisk } from '../support/small-disk.ts';
import { createWorkspace, day, dayOne, manyObras } from '../e2e/workspace.ts';

const nextDay = '2026-11-21';

/** A tablespace of the server on a disk of 4 MB; null where no disk can be mounted. */
async function smallTablespace(): Promise<AsyncDisposable | null> {
  const folder = await mkdtemp('/tmp/projetus-disk-');
  const disk = await smallDisk(folder, 4);
  if (!disk) {
    await rm(folder, { recursive: true });
    return null;
  }
  const user = await serverUser();
  if (user) await chown(folder, user.uid, user.gid);
  await query(inject('postgresUrl'), `CREATE TABLESPACE small LOCATION '${folder}'`);
  return {
    [Symbol.asyncDispose]: async () => {
      await query(inject('postgresUrl'), 'DROP TABLESPACE small');
      await disk[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

const canMount = process.getuid?.() === 0;
const whySkipped = canMount ? '' : ' (skipped: only root may mount one)';

describe.skipIf(!canMount)(`a disk that fills up under the server${whySkipped}`, () => {
  it('in the middle of COPY is exit code 75, and the next run is whole once there is room', async (context) => {
    await using tablespace = await smallTablespace();
    if (!tablespace) context.skip('this container may mount nothing');
    await using workspace = await createWorkspace();
    await workspace.put(day, 'obras.csv', dayOne);
    expect(await workspace.runJson(['--date', day])).toMatchObject({ code: 0 });
    const before = await workspace.state();
    const name = new URL(workspace.databaseUrl).pathname.slice(1);
    // Staging is a temporary table.
    await workspace.query(`ALTER DATABASE ${name} SET temp_tablespaces = small`);
    await workspace.put(nextDay, 'obras.csv', manyObras(100_000));
    const full = await workspace.runJson(['--date', nextDay]);
    expect(full).toMatchObject({ code: 75, report: { status: 'failed', error: { code: 'disk-full' } } });
    expect(full.stderr).toMatch(/^error \[disk-full\] .*No space left on device\n {2}next: free some space/);
    expect(await workspace.state()).toEqual(before);
    expect(await workspace.query('SELECT status, exit_code FROM runs ORDER BY started_at DESC LIMIT 1')).toEqual([
      { status: 'failed', exit_code: 75 },
    ]);
    await workspace.query(`ALTER DATABASE ${name} RESET temp_tablespaces`);
    expect(await workspace.runJson(['--date', nextDay])).toMatchObject({ code: 0, report: { datasets: [{ stored: 100_000 }] } });
  });
});
