import { describe, expect, it } from 'vitest';
import { configOf, csv, obras, story } from '../run/story.ts';
import { rowsWithXmin } from '../support/project.ts';
import { undoIn } from '../undo/undo-in.ts';
import { pruneIn } from './prune-in.ts';

type Story = Awaited<ReturnType<typeof story>>;
const tables = ['obras', 'lineage_history', 'runs', 'extraction_logs', 'quarantine', 'reconciliations', 'datasets'];
const at = (moment: string) => ({ clock: () => new Date(moment) });
const count = async (days: Story, table: string) =>
  (await days.project.query(`SELECT count(*)::int AS n FROM ${table}`))[0]!['n'];

/** Three days far apart: the first of 2023, the second of 2024, the third of 2026. */
async function years(engine: 'postgres' | 'pglite' = 'postgres') {
  const days = await story(configOf(obras()), engine);
  await days.day(csv('1;a;;;', '2;b;;;', '3;c;x;;'), at('2023-01-10T12:00:00Z'));
  await days.day(csv('1;A;;;', '2;b;;;'), at('2024-01-10T12:00:00Z'));
  await days.day(csv('1;AA;;;', '2;b;;;'), at('2026-11-10T12:00:00Z'));
  return days;
}

describe('pruning', () => {
  it.each(['postgres', 'pglite'] as const)(
    'drops months of the history, and never the present version of a record, on %s',
    async (engine) => {
      await using days = await years(engine);
      // The third day was the first of its month, and pruned by itself: what it had superseded itself stays.
      const versions = (await days.lineage('1')).versions.map(({ operation, changes }) => [operation, changes?.['nome']?.to]);
      expect(versions).toEqual([
        ['update', 'A'],
        ['update', 'AA'],
      ]);
      expect((await days.lineage('2')).versions).toMatchObject([{ operation: 'insert', source_file: 'obras.csv', row: 3 }]);
      const report = await pruneIn(days.project, '2029-01-01T00:00:00Z');
      expect(report.history).toMatchObject({ before: '2027-01-01T00:00:00.000Z', versions: 1 });
      expect((await days.lineage('1')).versions).toMatchObject([{ operation: 'update', changes: { nome: { to: 'AA' } } }]);
      expect((await days.lineage('2')).versions).toMatchObject([{ operation: 'insert', source_file: 'obras.csv', row: 3 }]);
      const second = await days.again(at('2029-01-02T00:00:00Z'));
      expect(second.run.error).toBeNull();
    },
  );

  it('removes runs that nothing refers to, with their files and checks; the last published one stays', async () => {
    await using days = await story(configOf(obras()));
    const first = await days.day(csv('1;a;;;', '2;b;;;'), at('2023-01-10T12:00:00Z'));
    await days.day(csv('1;A;;;', '2;b;;;'), at('2023-02-10T12:00:00Z'));
    const third = await days.day(csv('1;AA;;;', '2;b;;;'), at('2023-03-10T12:00:00Z'));
    const failed = await days.files({ 'obras.csv': 'x\n1\n' }, at('2023-03-11T12:00:00Z'));
    expect(failed.exit_code).toBe(7);
    const report = await pruneIn(days.project, '2029-01-01T00:00:00Z');
    expect(report.runs).toMatchObject({ runs: 2, extraction_logs: 2, reconciliations: 1 });
    expect((await days.project.query('SELECT id FROM runs ORDER BY id')).map(({ id }) => id)).toEqual([
      first.run.run_id,
      third.run.run_id,
    ]);
    expect(await days.project.query('SELECT run_id FROM data_lineage ORDER BY row_number')).toEqual([
      { run_id: third.run.run_id },
      { run_id: first.run.run_id },
    ]);
    // A dataset whose every record vanished long ago keeps its last run.
    await days.project.query('TRUNCATE obras');
    await pruneIn(days.project, '2030-01-01T00:00:00Z');
    expect((await days.project.query('SELECT id FROM runs')).map(({ id }) => id)).toEqual([third.run.run_id]);
    expect(await days.project.query('SELECT run_id FROM extraction_logs')).toEqual([{ run_id: third.run.run_id }]);
  });

  it('keeps what is younger: nothing goes a month before its time', async () => {
    await using days = await years();
    const was = await rowsWithXmin(days.project, tables);
    const report = await pruneIn(days.project, '2026-11-20T00:00:00Z');
    expect(report).toMatchObject({
      history: { partitions: [], versions: 0 },
      runs: { runs: 0, extraction_logs: 0 },
      quarantine: { rejects: 0 },
    });
    expect(await rowsWithXmin(days.project, tables)).toEqual(was);
  });

  it.each([
    ['2028-11-30T23:59:59Z', 0],
    ['2028-12-01T00:00:00Z', 1],
  ])('drops a month when all of it is older than 24 months: at %s %i version', async (moment, versions) => {
    await using days = await years();
    expect((await pruneIn(days.project, moment)).history.versions).toBe(versions);
    expect(await count(days, 'lineage_history')).toBe(1 - versions);
  });

  it('keeps the run and the file of a reject that is still open', async () => {
    await using days = await story(configOf(obras()));
    const first = await days.day(csv('1;a;;;', '2;b;x;;'), at('2023-01-10T12:00:00Z'));
    await days.day(csv('1;A;;;', '2;b;x;;'), at('2023-02-10T12:00:00Z'));
    const report = await pruneIn(days.project, '2029-01-01T00:00:00Z');
    expect(report.runs).toMatchObject({ runs: 0, extraction_logs: 0 });
    expect(await days.project.query('SELECT e.run_id FROM quarantine q JOIN extraction_logs e ON e.id = q.source_id')).toEqual([
      { run_id: first.run.run_id },
    ]);
  });

  it('removes rejects that are gone; open ones stay, and so do settled ones whose row may come again', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;', '2;b;x;;', '3;c;x;;', '4;d;x;;', '5;e;x;;'));
    const [settled, discarded] = ["raw->>0 = '3'", "raw->>0 = '4'"];
    await days.project.query(`UPDATE quarantine SET created_at = '2024-01-01', status = 'gone' WHERE raw->>0 = '2'`);
    await days.project.query(`UPDATE quarantine SET created_at = '2024-01-01', status = 'retried' WHERE ${settled}`);
    await days.project.query(`UPDATE quarantine SET created_at = '2024-01-01', status = 'discarded' WHERE ${discarded}`);
    await days.project.query(`UPDATE quarantine SET created_at = '2024-01-01' WHERE raw->>0 = '5'`);
    const full = await pruneIn(days.project, '2026-11-20T00:00:00Z');
    expect(full.quarantine.rejects).toBe(1);
    expect((await days.quarantine()).map(({ status }) => status)).toEqual(['retried', 'discarded', 'open']);
    const delta = await pruneIn(days.project, '2026-11-20T00:00:00Z', { fullSnapshots: [] });
    expect(delta.quarantine.rejects).toBe(2);
    expect((await days.quarantine()).map(({ status }) => status)).toEqual(['open']);
  });

  it('in a dry run says what it would remove, and removes nothing', async () => {
    await using days = await years();
    const was = await rowsWithXmin(days.project, tables);
    const dry = await pruneIn(days.project, '2029-06-01T00:00:00Z', { isDryRun: true });
    expect(await rowsWithXmin(days.project, tables)).toEqual(was);
    const done = await pruneIn(days.project, '2029-06-01T00:00:00Z');
    expect(dry).toEqual({ ...done, dry_run: true });
    expect(done.history.versions).toBe(1);
  });

  it('waits for no run: exit 11', async () => {
    await using days = await years();
    const held = days.project.query("SELECT pg_advisory_xact_lock(hashtextextended('projetus:public:obras', 0)), pg_sleep(2)");
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expect(pruneIn(days.project, '2029-01-01T00:00:00Z')).rejects.toMatchObject({ code: 'locked' });
    await held;
    expect(await count(days, 'lineage_history')).toBe(1);
  });

  it('of a database that was never loaded finds nothing', async () => {
    await using days = await story(configOf(obras()));
    expect(await pruneIn(days.project, '2029-01-01T00:00:00Z')).toMatchObject({ history: { partitions: [] }, runs: { runs: 0 } });
  });
});

describe('a run after a long pause', () => {
  it('finds partitions for its history, years later, and so does an undo', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'), at('2026-11-01T12:00:00Z'));
    const late = await days.day(csv('1;b;;;'), at('2031-05-31T23:59:59Z'));
    expect(late.run.error).toBeNull();
    const undo = await undoIn(days.project, late.run.run_id!, '2035-12-31T23:59:59Z');
    expect(undo.datasets[0]!.counts.updated).toBe(1);
    const partitions = await days.project.query(
      'SELECT DISTINCT tableoid::regclass::text AS name FROM lineage_history ORDER BY 1',
    );
    expect(partitions).toEqual([{ name: 'lineage_history_2031_05' }, { name: 'lineage_history_2035_12' }]);
  });
});

describe('the first run of a month', () => {
  it('prunes; a later one does not', async () => {
    await using days = await years();
    expect(await count(days, 'lineage_history')).toBe(1);
    await days.project.query(
      "CREATE TABLE lineage_history_2020_01 PARTITION OF lineage_history FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
    );
    await days.day(csv('1;B;;;'), at('2026-11-20T12:00:00Z'));
    const isThere = async () =>
      (await days.project.query("SELECT to_regclass('lineage_history_2020_01') IS NOT NULL AS there"))[0]!['there'];
    expect(await isThere()).toBe(true);
    await days.day(csv('1;C;;;'), at('2026-12-01T12:00:00Z'));
    expect(await isThere()).toBe(false);
  });

  it('removes alerts that ended and deliveries that are done, as old as the runs; what is open or pending stays', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'), at('2023-01-10T12:00:00Z'));
    const old = '2023-01-10';
    await days.project
      .query(`INSERT INTO alerts (fingerprint, severity, code, message, status, first_seen_at, last_seen_at, resolved_at)
      VALUES ('old', 'critical', 'x', '', 'resolved', '${old}', '${old}', '${old}'), ('open', 'critical', 'x', '', 'open', '${old}', '${old}', NULL),
        ('new', 'critical', 'x', '', 'resolved', '2028-12-01', '2028-12-01', '2028-12-01')`);
    await days.project.query(`INSERT INTO alert_deliveries (channel, status, digest, created_at)
      VALUES ('old', 'sent', '{}', '${old}'), ('refused', 'failed', '{}', '${old}'), ('pending', 'pending', '{}', '${old}'), ('new', 'sent', '{}', '2028-12-01')`);
    const report = await pruneIn(days.project, '2029-01-01T00:00:00Z');
    expect(report.alerts).toMatchObject({ alerts: 1, deliveries: 2 });
    expect(await days.project.query('SELECT fingerprint FROM alerts ORDER BY id')).toEqual([
      { fingerprint: 'open' },
      { fingerprint: 'new' },
    ]);
    expect(await days.project.query('SELECT channel FROM alert_deliveries ORDER BY id')).toEqual([
      { channel: 'pending' },
      { channel: 'new' },
    ]);
  });
});
