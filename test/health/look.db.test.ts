import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { healthOf } from '../../src/health/health.ts';
import { lookout } from '../../src/health/lookout.ts';
import { configOf, csv, obras, story } from '../run/story.ts';
import type { Project } from '../support/project.ts';
import { rowsWithXmin } from '../support/project.ts';
import { databaseOf, undoIn } from '../undo/undo-in.ts';

const host = { pid: process.pid, hostname: hostname(), user: 'test', isAlive: (pid: number) => pid === process.pid };

/**
 * `projetus health` in this process, as of `at`: to be called again and again. Patient where the 4 s are not the matter:
 * on a busy machine PGlite takes longer to open.
 */
async function lookAt(project: Project, at: string, url = project.databaseUrl, isPatient = true) {
  const config = await loadConfig({ path: join(project.folder, 'config.yaml'), env: { DATABASE_URL: url } });
  const moment = { at };
  const look = lookout({
    config,
    host,
    clock: () => new Date(moment.at),
    signal: new AbortController().signal,
    withTally: true,
    ...(isPatient ? { databaseMs: 60_000 } : {}),
  });
  return { moment, look: async () => healthOf(await look(), '1') };
}

async function healthIn(project: Project, at: string, url?: string, isPatient = true) {
  return (await lookAt(project, at, url, isPatient)).look();
}

const problems = (report: ReturnType<typeof healthOf>) =>
  report.checks.filter(({ status }) => status !== 'ok').map(({ name, status }) => `${name} ${status}`);

describe.each(['postgres', 'pglite'] as const)('health on %s', (engine) => {
  it('follows the runs: from none over one that is well to one that fails, and one that never starts', async () => {
    await using days = await story(configOf(obras()), engine);
    const { project } = days;
    expect(problems(await healthIn(project, '2026-11-01T10:00:00Z'))).toContain('schedule fail');
    await days.day(csv('1;a;;;', '2;b;;;'));
    const well = await healthIn(project, '2026-11-01T16:00:00Z');
    expect(problems(well)).toEqual([]);
    expect(well).toMatchObject({
      status: 'healthy',
      last_extraction: '2026-11-01T15:00:00.000Z',
      hours_since_last: 1,
      records_extracted: { obras: 2 },
    });
    // Runs of these tests start at noon, which is late.
    await days.day(csv('1;a;;;', '2;b;x;;'));
    expect(problems(await healthIn(project, '2026-11-02T16:00:00Z'))).toEqual(['schedule warn', 'quarantine warn']);
    await days.files({ 'obras.csv': 'x\n1\n' });
    const failed = await healthIn(project, '2026-11-03T16:00:00Z');
    expect([failed.status, problems(failed)]).toEqual(['unhealthy', ['failures fail']]);
    expect(failed.last_extraction).toBe('2026-11-02T15:00:00.000Z');
    expect(problems(await healthIn(project, '2026-11-05T16:00:00Z'))).toContain('schedule fail');
  });
});

describe('health', () => {
  it('sees stale files, undelivered alerts, unknown migrations and missing partitions', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'), { clock: () => new Date('2026-11-01T12:20:00Z') });
    await days.project.put('2026-11-02', 'obras.csv', csv('1;a;;;'));
    await days.project.run({ date: '2026-11-02', clock: () => new Date('2026-11-02T12:20:00Z') });
    await days.project.query(`
      INSERT INTO alert_deliveries (channel, status, digest, created_at) VALUES
        ('telegram', 'pending', '{}', '2026-10-01'), ('email', 'failed', '{}', '2026-11-02T12:21:00Z'),
        ('email', 'failed', '{}', '2026-10-01'), ('email', 'sent', '{}', '2026-11-02')`);
    await days.project.query(`INSERT INTO projetus_migrations VALUES ('9999-later', '2026')`);
    await days.project.query('DROP TABLE lineage_history_2026_12');
    const report = await healthIn(days.project, '2026-11-02T14:00:00Z');
    expect(problems(report)).toEqual(['sources warn', 'migrations fail', 'alerts warn', 'lineage warn']);
    expect(report.checks.find(({ name }) => name === 'alerts')!.message).toContain('2 messages');
  });

  it('takes tables of an earlier version for a pending migration', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'), { clock: () => new Date('2026-11-01T12:20:00Z') });
    await days.project.query('DROP TABLE alerts, alert_deliveries');
    await days.project.query(`DELETE FROM projetus_migrations WHERE name = '0003-alerts'`);
    expect(problems(await healthIn(days.project, '2026-11-01T14:00:00Z'))).toEqual(['migrations warn']);
  });

  it('takes neither an undo nor a retry for a run', async () => {
    await using days = await story(configOf(obras()));
    const first = await days.day(csv('1;a;;;'), { clock: () => new Date('2026-11-01T12:20:00Z') });
    await undoIn(days.project, first.run.run_id!, '2026-11-02T12:20:00Z');
    const report = await healthIn(days.project, '2026-11-02T14:00:00Z');
    expect(report.last_extraction).toBe('2026-11-01T12:20:00.000Z');
    expect(problems(report)).toEqual(['schedule fail']);
  });

  it('sees a run that hangs', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'), { clock: () => new Date('2026-11-01T12:20:00Z') });
    await days.project.query(
      `INSERT INTO runs VALUES ('stuck', 'running', '2026-11-02', '2026-11-02T12:15:00Z', NULL, '1', 'h', NULL, '{obras}', 'srv', 1, NULL)`,
    );
    expect(problems(await healthIn(days.project, '2026-11-02T14:15:00Z'))).toEqual([]);
    const report = await healthIn(days.project, '2026-11-02T14:16:00Z');
    expect(problems(report)).toEqual(['running fail']);
    expect(report.message).toContain('run stuck (process 1 on srv) has not ended after 2.0 hours');
  });

  it('writes nothing', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;', '2;b;x;;'));
    const tables = ['obras', 'runs', 'extraction_logs', 'quarantine', 'datasets', 'projetus_migrations'];
    const before = await rowsWithXmin(days.project, tables);
    await healthIn(days.project, '2026-11-03T14:00:00Z');
    expect(await rowsWithXmin(days.project, tables)).toEqual(before);
    await using empty = await story(configOf(obras()));
    await healthIn(empty.project, '2026-11-03T14:00:00Z');
    expect(await empty.project.query(`SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`)).toEqual([]);
  });

  it('reads with a role that may only read', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'), { clock: () => new Date('2026-11-01T12:20:00Z') });
    await days.project.query(
      `DO $$ BEGIN CREATE ROLE watcher LOGIN PASSWORD 'watcher'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    );
    await days.project.query('GRANT SELECT ON ALL TABLES IN SCHEMA public TO watcher');
    const url = new URL(days.project.databaseUrl);
    Object.assign(url, { username: 'watcher', password: 'watcher' });
    expect(problems(await healthIn(days.project, '2026-11-01T14:00:00Z', url.href))).toEqual([]);
  });
});

describe('health without an answer', () => {
  it('of a server that takes the connection and says nothing comes within 5 s', async () => {
    await using days = await story(configOf(obras()));
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const started = performance.now();
    const report = await healthIn(days.project, '2026-11-01T14:00:00Z', `postgres://a:b@127.0.0.1:${port}/c`, false);
    silent.close();
    expect(performance.now() - started).toBeLessThan(6_500);
    expect(report.checks.map(({ name, status }) => `${name} ${status}`)).toEqual(['database fail', 'disk ok']);
    expect(report.message).toContain('no answer within 4 s');
  });

  it('of a table that somebody locks comes within 5 s', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'));
    const lock = days.project.query('BEGIN; LOCK TABLE quarantine; SELECT pg_sleep(7); COMMIT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const started = performance.now();
    const report = await healthIn(days.project, '2026-11-01T16:00:00Z', undefined, false);
    expect(performance.now() - started).toBeLessThan(6_500);
    expect(problems(report)).toEqual(['database fail']);
    await lock;
  });
});

describe('health of an embedded database', () => {
  it('makes none', async () => {
    await using days = await story(configOf(obras()), 'pglite');
    const report = await healthIn(days.project, '2026-11-01T14:00:00Z');
    expect(report.checks[0]).toMatchObject({ name: 'database', status: 'warn' });
    expect(await readdir(join(days.project.folder, 'data'))).toEqual(['raw']);
  });

  it('that another process has is degraded, and no failure', async () => {
    await using days = await story(configOf(obras()), 'pglite');
    await days.day(csv('1;a;;;'));
    await using _ = await databaseOf(days.project);
    const report = await healthIn(days.project, new Date().toISOString());
    expect(report.checks[0]).toMatchObject({ name: 'database', status: 'warn' });
    expect(report.status).toBe('degraded');
    const { mtime } = await stat(join(days.project.folder, 'data/db.lock'));
    const late = await healthIn(days.project, new Date(mtime.getTime() + 3 * 3_600_000).toISOString());
    expect(late.checks[0]).toMatchObject({ name: 'database', status: 'fail' });
  });

  it('is opened again only after a run, so that a probe is in no run’s way', async () => {
    await using days = await story(configOf(obras()), 'pglite');
    const { look, moment } = await lookAt(days.project, '2026-11-01T16:00:00Z');
    await look();
    await days.day(csv('1;a;;;'));
    expect(problems(await look())).toEqual([]);
    // Somebody else's lock, without a change of the database: it would be met if it were opened.
    const lock = join(days.project.folder, 'data/db.lock');
    await writeFile(lock, JSON.stringify({ pid: 1, hostname: 'elsewhere', startedAt: '' }));
    moment.at = '2026-11-02T16:00:00Z';
    expect(problems(await look())).toEqual(['schedule fail']);
    await rm(lock);
    await days.day(csv('1;a;;;', '2;b;;;'));
    expect((await look()).records_extracted).toEqual({ obras: 2 });
  });
});
