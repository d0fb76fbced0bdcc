import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Client } from 'pg';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { ProjetusError } from '../../src/core/errors.ts';
import type { RunReport } from '../../src/core/report.ts';
import type { Project } from '../support/project.ts';
import { findPgbouncer, startPgbouncer, type Bouncer } from '../support/pgbouncer.ts';
import { configOf, csv, entry, obras, story } from '../run/story.ts';

const binary = await findPgbouncer(process.env);

const yaml = configOf(
  obras('indexes: [[nome]]'),
  entry('fiscais', [
    'entity: fiscal',
    'key: [id]',
    'columns: { id: {}, obra: {} }',
    'relations: [{ column: obra, references: obras.id }]',
  ]),
);

/** Days with inserts, updates, a vanished record, rejects, repeats and orphans. */
const days = [
  { 'obras.csv': csv('1;a;1,00;;', '2;b;;;', '3;c;x;;'), 'fiscais.csv': 'id;obra\n1;1\n2;7\n' },
  { 'obras.csv': csv('1;z;1,00;;', '4;d;;;', '4;d;;;', '5;e;x;;'), 'fiscais.csv': 'id;obra\n1;4\n2;4\n' },
];

const common = ({ run_id, duration_ms, config_hash, ...rest }: RunReport) => {
  expect([run_id, duration_ms, config_hash]).not.toContain(null);
  return rest;
};

/** Keeps every run waiting that wants to look at the table. */
async function hold(project: Project): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: project.databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN; LOCK TABLE obras');
  return () => client.end();
}

async function untilWaiting(project: Project): Promise<void> {
  const waiting = () => project.query("SELECT FROM pg_locks WHERE NOT granted AND relation = 'obras'::regclass");
  for (let tries = 0; (await waiting()).length === 0; tries++) {
    if (tries > 200) throw new Error('the run did not start');
    await sleep(20);
  }
}

const locksOf = (project: Project) =>
  project.query(`SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE l.locktype = 'advisory' AND d.datname = current_database()`);

const whySkipped = binary ? '' : ' (skipped: there is no pgbouncer on the PATH)';

describe.skipIf(binary === null)(`behind PgBouncer in transaction mode${whySkipped}`, () => {
  let bouncer: Bouncer;
  beforeAll(async () => {
    bouncer = await startPgbouncer(binary!, inject('postgresUrl'));
  });
  afterAll(() => bouncer[Symbol.asyncDispose]());

  const configOfProject = (project: Project): Promise<Config> =>
    loadConfig({ path: `${project.folder}/config.yaml`, env: { DATABASE_URL: bouncer.through(project.databaseUrl) } });

  it('runs and dry runs report what they report without it', async () => {
    await using direct = await story(yaml);
    await using bounced = await story(yaml);
    const config = await configOfProject(bounced.project);
    for (const files of days) {
      const expected = common(await direct.files(files));
      expect(expected).toMatchObject({ exit_code: 0, status: 'success' });
      expect(common(await bounced.files(files, { config }))).toEqual(expected);
      const rehearsal = await bounced.again({ config, isDryRun: true, force: true });
      expect(rehearsal.run).toMatchObject({ exit_code: 0, mode: 'dry-run' });
      expect(await bounced.rows('id, nome, valor, _hash')).toEqual(await direct.rows('id, nome, valor, _hash'));
    }
    expect(await locksOf(bounced.project)).toEqual([]);
  });

  it('two runs at once are one: the other says within two seconds who holds the lock, and no lock stays', async () => {
    await using two = await story(configOf(obras()));
    const config = await configOfProject(two.project);
    await two.files({ 'obras.csv': csv('1;a;;;') }, { config });
    const letGo = await hold(two.project);
    const first = two.files({ 'obras.csv': csv('1;b;;;') }, { config, random: 'first' });
    await untilWaiting(two.project);
    const started = performance.now();
    const second = await two.project.run({ config, date: '2026-11-02', random: 'second' });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(second).toMatchObject({ exit_code: 11, error: { code: 'locked' } });
    expect(second.error!.message).toContain('run 20261102T150000-first');
    await letGo();
    expect(await first).toMatchObject({ exit_code: 0, status: 'success' });
    expect(await locksOf(two.project)).toEqual([]);
    expect((await two.again({ config })).run).toMatchObject({ exit_code: 0, status: 'unchanged' });
  });

  it('a run that is interrupted in a statement ends within five seconds, and leaves no lock', async () => {
    await using one = await story(configOf(obras()));
    const config = await configOfProject(one.project);
    await one.files({ 'obras.csv': csv('1;a;;;') }, { config });
    const letGo = await hold(one.project);
    const interruption = new AbortController();
    const cut = one.files({ 'obras.csv': csv('1;b;;;') }, { config, signal: interruption.signal });
    await untilWaiting(one.project);
    const interrupted = performance.now();
    interruption.abort(new ProjetusError('terminated', 'Terminated; nothing was published.'));
    expect(await cut).toMatchObject({ exit_code: 143, error: { code: 'terminated' } });
    expect(performance.now() - interrupted).toBeLessThan(5_000);
    await letGo();
    const next = await one.again({ config });
    expect(next.run).toMatchObject({ exit_code: 0, status: 'success' });
    expect(await locksOf(one.project)).toEqual([]);
  });
});
