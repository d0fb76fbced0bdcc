import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startCluster } from '../support/postgres-cluster.ts';
import { createRole, createWorkspace, day, dayOne, manyObras, untilBusy, urlAs, type Workspace } from './workspace.ts';

const nextDay = '2026-11-21';

/** The workspace after a first good run. */
async function loadedWorkspace(): Promise<Workspace> {
  const workspace = await createWorkspace();
  await workspace.put(day, 'obras.csv', dayOne);
  expect(await workspace.run({ date: day })).toMatchObject({ exit_code: 0 });
  await workspace.put(nextDay, 'obras.csv', dayOne.replace('10,50', '11,00'));
  return workspace;
}

/** A port on which nobody listens: 1 is reserved (tcpmux). */
const nobody = 'postgres://canary:s3cr3t-canary@127.0.0.1:1/nothing';

describe.concurrent('a database that is down', () => {
  it('is tried again for a minute, and then is exit code 75', { timeout: 100_000 }, async ({ expect }) => {
    await using workspace = await createWorkspace();
    await workspace.put(day, 'obras.csv', dayOne);
    const { code, stderr, durationMs, report } = await workspace.runJson([], { DATABASE_URL: nobody });
    expect({ code, report }).toMatchObject({ code: 75, report: { status: 'failed', error: { code: 'database-unavailable' } } });
    expect(stderr.match(/^waiting for the database: .*ECONNREFUSED/gm)!.length).toBeGreaterThan(6);
    expect(stderr.match(/^error \[database-unavailable\]/gm)).toHaveLength(1);
    expect(durationMs).toBeGreaterThan(40_000);
    expect(durationMs).toBeLessThan(75_000);
  });

  it(
    'is waited for until it comes up; killed in the middle of a run it is 75, and the next run is whole',
    { timeout: 100_000 },
    async ({ expect }) => {
      await using cluster = await startCluster();
      await using workspace = await createWorkspace();
      const env = { DATABASE_URL: cluster.url('postgres') };
      await workspace.put(day, 'obras.csv', dayOne);
      await cluster.stop();
      const waiting = workspace.runJson([], env);
      const starting = sleep(3_000).then(() => cluster.start());
      await starting;
      const first = await waiting;
      expect(first).toMatchObject({ code: 0, report: { status: 'success' } });
      expect(first.stderr).toContain('waiting for the database');

      await workspace.put(day, 'obras.csv', manyObras(400_000));
      const crashing = workspace.runJson([], env);
      await sleep(1_500);
      await cluster.stop('immediate');
      expect(await crashing).toMatchObject({ code: 75, report: { error: { code: 'database-unavailable' } } });
      await cluster.start();
      expect(await workspace.runJson(['--force'], env)).toMatchObject({
        code: 0,
        report: { datasets: [{ counts: { inserted: 399_997, updated: 3 }, stored: 400_000 }] },
      });
    },
  );

  it('is not waited for by lineage show', async ({ expect }) => {
    await using workspace = await createWorkspace();
    const { code, stdout, durationMs } = await workspace.projetus(['lineage', 'show', 'obra', '1', '--json'], {
      DATABASE_URL: nobody,
    });
    expect(code).toBe(75);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'database-unavailable' } });
    expect(durationMs).toBeLessThan(15_000);
  });

  it('can be given up with Ctrl-C while it is waited for', async ({ expect }) => {
    await using workspace = await createWorkspace();
    await workspace.put(day, 'obras.csv', dayOne);
    const { child, ended } = workspace.start(['run'], { DATABASE_URL: nobody });
    child.stderr!.once('data', () => child.kill('SIGINT'));
    expect(await ended).toMatchObject({ code: 130, stderr: expect.stringContaining('error [interrupted]') as string });
  });
});

describe('a database that refuses', () => {
  it.each([
    { title: 'the password', url: (url: string) => urlAs(url, 'canary', 'wr0ng-s3cr3t'), says: /password authentication failed/ },
    { title: 'the database name', url: (url: string) => `${url}_none`, says: /does not exist/ },
    { title: 'the role', url: (url: string) => urlAs(url, 'nobody_knows'), says: /password authentication failed/ },
  ])('$title is exit code 2, at once', async ({ url, says }) => {
    await using workspace = await loadedWorkspace();
    const before = await workspace.state();
    const { code, stdout, stderr, report } = await workspace.runJson(['--date', nextDay], {
      DATABASE_URL: url(workspace.databaseUrl),
    });
    expect({ code, report }).toMatchObject({ code: 2, report: { error: { code: 'credentials-wrong' } } });
    expect(stderr).toMatch(/^error \[credentials-wrong\] .*\n {2}next: check user, password and database name/);
    expect(stderr).toMatch(says);
    expect(stdout + stderr).not.toContain('wr0ng-s3cr3t');
    expect(await workspace.state()).toEqual(before);
  });

  it.each([
    { title: 'that may not create tables', role: 'no_create', attributes: '' },
    { title: 'that may only read', role: 'read_only', attributes: 'SUPERUSER', setting: 'default_transaction_read_only = on' },
  ])('a role $title is exit code 2', async ({ role, attributes, setting }) => {
    await createRole(role, attributes);
    await using fresh = await createWorkspace();
    if (setting) await fresh.query(`ALTER ROLE ${role} SET ${setting}`);
    await fresh.put(day, 'obras.csv', dayOne);
    const before = await fresh.state();
    const { code, stderr, report } = await fresh.runJson([], { DATABASE_URL: urlAs(fresh.databaseUrl, role) });
    expect({ code, report }).toMatchObject({ code: 2, report: { error: { code: 'permission-missing' } } });
    expect(stderr).toMatch(/^error \[permission-missing\] .*\n {2}next: grant it/);
    expect(await fresh.state()).toEqual(before);
  });

  it('a role that may not write a table that is there is exit code 2', async () => {
    await createRole('no_update');
    await using workspace = await loadedWorkspace();
    await workspace.query('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO no_update');
    await workspace.query('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO no_update');
    await workspace.query('REVOKE UPDATE ON obras FROM no_update');
    const before = await workspace.state();
    const { code, report } = await workspace.runJson(['--date', nextDay], {
      DATABASE_URL: urlAs(workspace.databaseUrl, 'no_update'),
    });
    expect({ code, report }).toMatchObject({ code: 2, report: { error: { code: 'permission-missing' } } });
    expect(await workspace.state()).toEqual(before);
  });
});

describe('a database that fails in the middle', () => {
  it('by ending our connection during COPY is exit code 75', async () => {
    await using workspace = await loadedWorkspace();
    await workspace.put(nextDay, 'obras.csv', manyObras(300_000));
    const before = await workspace.state();
    const running = workspace.runJson(['--date', nextDay]);
    await untilBusy(workspace, 'COPY');
    await workspace.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'projetus' AND datname = current_database()",
    );
    const { code, stderr, report } = await running;
    expect({ code, report }).toMatchObject({ code: 75, report: { error: { code: 'database-unavailable' } } });
    expect(stderr.match(/^error \[database-unavailable\]/gm)).toHaveLength(1);
    expect(await workspace.state()).toEqual(before);
  });

  it('with a full disk on the server is exit code 75', async () => {
    await using workspace = await loadedWorkspace();
    // Stands for the server's answer when it cannot extend a file (SQLSTATE 53100), which needs a disk of its own to be had for real.
    await workspace.query(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = '53100'; END $$`);
    await workspace.query('CREATE TRIGGER full_disk BEFORE UPDATE ON obras FOR EACH ROW EXECUTE FUNCTION full_disk()');
    const before = await workspace.state();
    const { code, stderr, report } = await workspace.runJson(['--date', nextDay]);
    expect({ code, report }).toMatchObject({ code: 75, report: { error: { code: 'disk-full' } } });
    expect(stderr).toMatch(/^error \[disk-full\] .*No space left on device\n {2}next: free some space/);
    expect(await workspace.state()).toEqual(before);
    expect(await workspace.query('SELECT status, exit_code FROM runs ORDER BY started_at DESC LIMIT 1')).toEqual([
      { status: 'failed', exit_code: 75 },
    ]);
  });

  it('never has its password written to the runs table', async () => {
    await using workspace = await loadedWorkspace();
    await workspace.runJson(['--date', nextDay]);
    const rows = await workspace.query('SELECT r::text AS row FROM runs r UNION ALL SELECT e::text FROM extraction_logs e');
    expect(rows.length).toBeGreaterThan(2);
    expect(JSON.stringify(rows)).not.toContain('s3cr3t-canary');
  });

  it('or is locked by another run is exit code 11 within two seconds, and names it', async () => {
    await using workspace = await loadedWorkspace();
    await workspace.put(nextDay, 'obras.csv', manyObras(300_000));
    const first = workspace.start(['run', '--date', nextDay, '--quiet']);
    await untilBusy(workspace, 'COPY');
    first.child.kill('SIGSTOP');
    const { code, stderr, durationMs } = await workspace.projetus(['run']);
    first.child.kill('SIGCONT');
    expect({ code, stderr }).toEqual({
      code: 11,
      stderr: expect.stringMatching(/^error \[locked\] obras is being loaded by run .*process \d+/) as string,
    });
    expect(durationMs).toBeLessThan(6_000); // two seconds, and a start on a busy machine
    expect(await first.ended).toMatchObject({ code: 0 });
  });
});
