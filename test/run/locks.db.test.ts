import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/open-database.ts';
import { announceRun, beginLoading, type RunIdentity } from '../../src/runs.ts';
import type { Project } from '../support/project.ts';
import { configOf, csv, entry, obras, story } from './story.ts';

const ruas = entry('ruas', ['key: [id]', 'columns: { id: {} }']);

/** Keeps every run waiting that wants to look at the table. */
async function hold(project: Project): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: project.databaseUrl });
  // The end of a test drops the database, whoever is connected.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN; LOCK TABLE obras');
  return () => client.end();
}

async function untilRunning(project: Project, id: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const rows = await project.query(`SELECT FROM runs WHERE status = 'running' AND id LIKE '%${id}'`);
    const waiting = await project.query("SELECT FROM pg_locks WHERE NOT granted AND relation = 'obras'::regclass");
    if (rows.length > 0 && waiting.length > 0) return;
    await sleep(20);
  }
  throw new Error(`run ${id} did not start`);
}

describe('two runs at once', () => {
  it('do not load one dataset together: the second says who holds it, within two seconds, and leaves no row', async () => {
    await using days = await story(configOf(obras(), ruas));
    await days.files({ 'obras.csv': csv('1;a;;;'), 'ruas.csv': 'id\n1\n' });
    const letGo = await hold(days.project);
    const host = { pid: 4711, hostname: 'maquina', user: 'test', isAlive: () => true };
    const first = days.files({ 'obras.csv': csv('1;b;;;'), 'ruas.csv': 'id\n1\n' }, { random: 'first', host });
    await untilRunning(days.project, 'first');
    const started = performance.now();
    const second = await days.project.run({ date: '2026-11-02', random: 'second' });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(second).toMatchObject({ status: 'failed', exit_code: 11, error: { code: 'locked' } });
    expect(second.error!.message).toContain('run 20261102T150000-first on maquina, process 4711');
    await letGo();
    expect(await first).toMatchObject({ exit_code: 0, status: 'success' });
    expect(await days.project.query('SELECT status FROM runs ORDER BY id')).toEqual([
      { status: 'success' },
      { status: 'success' },
    ]);
  });

  it('load different datasets side by side, and the view of lineage knows all of them', async () => {
    const many = ['ruas', 'pontes', 'escolas', 'creches'];
    await using days = await story(configOf(obras(), ...many.map((name) => entry(name, ['key: [id]', 'columns: { id: {} }']))));
    const files = { 'obras.csv': csv('1;a;;;'), ...Object.fromEntries(many.map((name) => [`${name}.csv`, 'id\n1\n'])) };
    await days.files(files, { datasets: ['obras'] });
    const runs = await Promise.all(many.map((name) => days.project.run({ date: '2026-11-01', datasets: [name] })));
    expect(runs.map(({ error }) => error)).toEqual([null, null, null, null]);
    const entities = await days.project.query('SELECT DISTINCT entity_type FROM data_lineage ORDER BY 1');
    expect(entities.map((row) => row['entity_type'])).toEqual(['creches', 'escolas', 'obra', 'pontes', 'ruas']);
  });

  it('of which one slips in between the two transactions of the other: that one takes its row away', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'));
    const open = () =>
      openDatabase({
        url: days.project.databaseUrl,
        schema: 'public',
        host: identity('x').host,
        signal: new AbortController().signal,
        retryMs: 0,
        onRetry: () => undefined,
      });
    await using late = await open();
    await using quick = await open();
    await announceRun(late, identity('late'));
    await announceRun(quick, identity('quick'));
    const loading = await beginLoading(quick, identity('quick'));
    await expect(beginLoading(late, identity('late'))).rejects.toMatchObject({ code: 'locked' });
    await loading.rollback().execute();
    expect(await days.project.query("SELECT id FROM runs WHERE status = 'running'")).toEqual([{ id: 'quick' }]);
  });
});

function identity(id: string): RunIdentity {
  return {
    id,
    startedAt: new Date('2026-11-02T15:00:00Z'),
    businessDate: '2026-11-02',
    pipelineVersion: '0',
    configHash: '0',
    datasets: ['obras'],
    host: { pid: 1, hostname: id, user: 'test', isAlive: () => true },
  };
}

describe('a run that died', () => {
  it('is marked aborted by the next run of its datasets, and by no other', async () => {
    await using days = await story(configOf(obras(), ruas));
    await days.files({ 'obras.csv': csv('1;a;;;'), 'ruas.csv': 'id\n1\n' });
    const dead = (id: string, dataset: string) =>
      days.project.query(
        `INSERT INTO runs (id, status, business_date, started_at, pipeline_version, config_hash, datasets, host, pid)
         VALUES ('${id}', 'running', '2026-11-01', now(), '0', '0', '{${dataset}}', 'x', 1)`,
      );
    await dead('a', 'obras');
    await dead('b', 'ruas');
    await days.again({ datasets: ['obras'] });
    const rows = await days.project.query(
      'SELECT id, status, finished_at IS NOT NULL AS ended FROM runs WHERE pid = 1 ORDER BY id',
    );
    expect(rows).toEqual([
      { id: 'a', status: 'aborted', ended: true },
      { id: 'b', status: 'running', ended: false },
    ]);
  });
});

describe('a run whose connection is lost in the middle', () => {
  it('publishes nothing and ends with 75; the next one marks it aborted and loads', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'));
    const letGo = await hold(days.project);
    const cut = days.files({ 'obras.csv': csv('1;b;;;') }, { random: 'cut' });
    await untilRunning(days.project, 'cut');
    await days.project.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'projetus' AND datname = current_database()",
    );
    expect(await cut).toMatchObject({ exit_code: 75, status: 'failed', error: { code: 'database-unavailable' } });
    await letGo();
    expect(await days.rows('nome')).toEqual([{ nome: 'a' }]);
    expect((await days.again()).counts).toMatchObject({ updated: 1 });
    expect(await days.project.query("SELECT status FROM runs WHERE id LIKE '%cut'")).toEqual([{ status: 'aborted' }]);
  });
});

describe('a run whose last statements fail', () => {
  it('has loaded nothing: what it had counted as loaded is ready, and its row says failed', async () => {
    await using days = await story(configOf(obras(), ruas));
    await days.files({ 'obras.csv': csv('1;a;;;'), 'ruas.csv': 'id\n1\n' });
    await days.project.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON ruas FOR EACH ROW EXECUTE FUNCTION refuse()`);
    const run = await days.files({ 'obras.csv': csv('1;b;;;'), 'ruas.csv': 'id\n1\n2\n' });
    expect(run).toMatchObject({ exit_code: 1, status: 'failed', error: { code: 'unexpected' }, ddl: [] });
    expect(run.datasets.map(({ name, status, stored }) => [name, status, stored])).toEqual([
      ['obras', 'ready', null],
      ['ruas', 'ready', null],
    ]);
    expect(await days.rows('nome')).toEqual([{ nome: 'a' }]);
    expect(
      await days.project.query("SELECT status, exit_code, report->>'status' AS told FROM runs ORDER BY id DESC LIMIT 1"),
    ).toEqual([{ status: 'failed', exit_code: 1, told: 'failed' }]);
  });

  it('is stopped when another program lost it a row: unbalanced, and nothing is published', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'));
    await days.project.query(`
      CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
      CREATE TRIGGER lose BEFORE INSERT OR UPDATE ON obras FOR EACH ROW EXECUTE FUNCTION lose()`);
    for (const content of [csv('1;a;;;', '2;b;;;'), csv('1;b;;;'), csv('3;c;;;')]) {
      const lost = await days.day(content);
      expect(lost.run).toMatchObject({ exit_code: 1, status: 'failed', error: { code: 'unbalanced' } });
    }
    expect(await days.rows('id, nome')).toEqual([{ id: '1', nome: 'a' }]);
  });
});
