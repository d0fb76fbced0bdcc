import { describe, expect, it } from 'vitest';
import { rowsWithXmin, touch } from '../support/project.ts';
import { configOf, counted, csv, entry, obras, story } from './story.ts';

const written = ['obras', 'lineage_history', 'quarantine', 'datasets'];
const file = csv('1;a;1;;', '2;b;;;', '2;b;;;', '3;c;x;;');

describe('the same files again', () => {
  it('are not parsed: unchanged, exit 0, with the counts of then, and nothing is written', async () => {
    await using days = await story(configOf(obras()));
    await days.day(file);
    const before = await rowsWithXmin(days.project, written);
    const again = await days.again();
    expect(again.run).toMatchObject({ status: 'unchanged', exit_code: 0 });
    expect(again.dataset).toMatchObject({ status: 'unchanged', stored: 2, balanced: true, stale_since: null });
    expect(again.counts).toEqual(counted({ read: 4, unchanged: 2, duplicate: 1, rejected: 1 }));
    expect(again.dataset.sources[0]).toMatchObject({ header_row: null });
    expect(await rowsWithXmin(days.project, written)).toEqual(before);
    expect(await days.project.query('SELECT status FROM runs ORDER BY started_at, id')).toHaveLength(2);
  });

  it('are parsed with --force, to the same end', async () => {
    await using days = await story(configOf(obras()));
    await days.day(file);
    const tables = written.filter((table) => table !== 'datasets');
    const before = await rowsWithXmin(days.project, tables);
    const again = await days.again({ force: true });
    expect(again.run).toMatchObject({ status: 'unchanged', exit_code: 0 });
    expect(again.counts).toEqual(counted({ read: 4, unchanged: 2, duplicate: 1, rejected: 1 }));
    expect(again.dataset.sources[0]).toMatchObject({ header_row: 1 });
    expect(await rowsWithXmin(days.project, tables)).toEqual(before);
  });

  it('are stale on a later day: a warning that names the day', async () => {
    await using days = await story(configOf(obras()));
    await days.day(file);
    for (const options of [{}, { force: true }]) {
      const later = await days.day(file, options);
      expect(later.run).toMatchObject({ status: 'unchanged', exit_code: 0 });
      expect(later.dataset.stale_since).toBe('2026-11-01');
      expect(later.alerts).toContain('source-stale');
    }
    const strict = await days.day(file, { strict: true });
    expect(strict.run.exit_code).toBe(3);
  });

  it('are held on a later day where they must change', async () => {
    await using days = await story(configOf(obras('expect: { must_change: true }')));
    await days.day(file);
    expect((await days.again()).run.exit_code).toBe(0);
    const later = await days.day(file);
    expect(later.run).toMatchObject({ status: 'held', exit_code: 5, error: { code: 'guard-stale' } });
    expect(later.dataset.status).toBe('held');
  });

  it('are read again when the configuration of the dataset has changed', async () => {
    await using days = await story(configOf(obras()));
    await days.day(file);
    await days.project.configure(configOf(obras('format: { null_values: [a] }')));
    const again = await days.again();
    expect(again.counts).toEqual(counted({ read: 4, updated: 1, unchanged: 1, duplicate: 1, rejected: 1 }));
    expect((await days.lineage('1')).versions[1]).toMatchObject({
      operation: 'update',
      changes: { nome: { from: 'a', to: null } },
    });
  });

  it('are not read again when only a guard has changed', async () => {
    await using days = await story(configOf(obras()));
    await days.day(file);
    await days.project.configure(configOf(obras('max_vanished_percent: 1')));
    expect((await days.again()).dataset.sources[0]!.header_row).toBe(null);
  });

  it.each([
    ['DELETE FROM obras WHERE id = $$1$$', { inserted: 1, unchanged: 1 }],
    ['UPDATE obras SET _vanished_at = now() WHERE id = $$1$$', { restored: 1, unchanged: 1 }],
  ])('are read again when the table holds another number of rows: %s', async (statement, expected) => {
    await using days = await story(configOf(obras()));
    await days.day(file);
    await days.project.query(statement);
    expect((await days.again()).counts).toEqual(counted({ read: 4, duplicate: 1, rejected: 1, ...expected }));
  });

  it('are read again when a person dropped the table, or moved it away', async () => {
    await using days = await story(configOf(obras('indexes: [[ano]]')));
    await days.day(file);
    await days.project.query('DROP TABLE obras CASCADE');
    const again = await days.again();
    expect(again.run.error).toBe(null);
    expect(again.counts).toEqual(counted({ read: 4, inserted: 2, duplicate: 1, rejected: 1 }));
    await days.project.query('ALTER TABLE obras RENAME TO obras_old');
    const third = await days.again();
    expect(third.run.error).toBe(null);
    expect(third.counts).toMatchObject({ inserted: 2 });
    expect((await days.lineage('1')).versions).toHaveLength(1);
  });

  it('that only a held run saw are not known', async () => {
    await using days = await story(configOf(obras('max_rejected_percent: 1')));
    await days.day(file);
    expect((await days.again()).run.exit_code).toBe(5);
  });

  it('do not bring back the rows of a table whose dataset left the configuration', async () => {
    await using days = await story(configOf(obras(), entry('ruas', ['key: [id]', 'columns: { id: {} }'])));
    await days.files({ 'obras.csv': file, 'ruas.csv': 'id\n1\n' });
    await days.project.query('DROP TABLE ruas CASCADE');
    await days.project.configure(configOf(obras(), entry('pontes', ['key: [id]', 'columns: { id: {} }'])));
    const run = await days.files({ 'obras.csv': file, 'pontes.csv': 'id\n1\n' });
    expect(run.error).toBe(null);
    expect((await days.lineage('1', 'pontes')).exists).toBe(true);
  });
});

describe('the day of a run', () => {
  it('before the last published one is refused for a full snapshot, unless forced', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'));
    await days.day(csv('1;b;;;'));
    const older = await days.project.run({ date: '2026-11-01' });
    expect(older).toMatchObject({ status: 'failed', exit_code: 2, error: { code: 'date-before-published' } });
    expect(await days.rows('nome')).toEqual([{ nome: 'b' }]);
    const forced = await days.project.run({ date: '2026-11-01', force: true });
    expect(forced).toMatchObject({ status: 'success', exit_code: 0 });
    expect(await days.rows('nome')).toEqual([{ nome: 'a' }]);
  });

  it('before the last published one is well for a delta', async () => {
    await using days = await story(configOf(obras('snapshot: delta')));
    await days.day(csv('1;a;;;'));
    await days.day(csv('2;b;;;'));
    await days.project.put('2026-11-01', 'obras.csv', csv('3;c;;;'));
    expect(await days.project.run({ date: '2026-11-01' })).toMatchObject({ exit_code: 0 });
  });

  it('is that of the time zone: at 01:00 UTC it is yesterday in São Paulo', async () => {
    await using days = await story(configOf(obras()));
    await days.project.put('2026-11-01', 'obras.csv', file);
    const run = await days.project.run({ clock: () => new Date('2026-11-02T01:00:00Z') });
    expect(run.business_date).toBe('2026-11-01');
  });

  it('is not looked at where the folder has no days', async () => {
    await using days = await story(configOf(obras()));
    await days.project.put('.', 'obras.csv', file);
    expect(await days.project.run({ date: '2026-11-01' })).toMatchObject({ exit_code: 0 });
  });
});

describe('files that are too old', () => {
  it('fail the dataset, exit 7', async () => {
    await using days = await story(configOf(obras('expect: { max_age_hours: 24 }')));
    const path = await days.project.put('2026-11-05', 'obras.csv', file);
    await touch(path, new Date('2026-11-04T14:00:00Z'));
    expect(await days.project.run({ date: '2026-11-05' })).toMatchObject({ exit_code: 7, error: { code: 'source-too-old' } });
    await touch(path, new Date('2026-11-04T16:00:00Z'));
    expect(await days.project.run({ date: '2026-11-05' })).toMatchObject({ exit_code: 0 });
  });
});
