import { describe, expect, it } from 'vitest';
import { rowsWithXmin } from '../support/project.ts';
import { configOf, counted, csv, obras, story, withoutFloor } from './story.ts';

const operations = (report: { versions: readonly { operation: string }[] }) => report.versions.map(({ operation }) => operation);

describe('records that are no longer in the file', () => {
  it('stay with a mark, and the live view leaves them out', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;', '2;b;1;;'));
    const second = await days.day(csv('1;a;;;'));
    expect(second.counts).toEqual(counted({ read: 1, unchanged: 1, vanished: 1 }));
    expect(second.dataset).toMatchObject({ stored: 1, status: 'loaded' });
    expect(second.alerts).toEqual(['rows-vanished']);
    expect(await days.rows()).toMatchObject([
      { id: '1', gone: false },
      { id: '2', nome: 'b', valor: '1.00', gone: true },
    ]);
    expect(await days.project.query('SELECT * FROM obras_live')).toEqual([
      { id: '1', nome: 'a', valor: null, ano: null, dia: null },
    ]);
    expect(
      await days.project.query("SELECT _vanished_at = '2026-11-02T15:00:00Z' AS at_the_run FROM obras WHERE id = '2'"),
    ).toEqual([{ at_the_run: true }]);
    expect(await days.lineage('2')).toMatchObject({
      exists: false,
      versions: [
        { operation: 'insert', row: 3, changes: null },
        {
          operation: 'vanish',
          row: null,
          source_file: 'obras.csv',
          run_id: second.run.run_id,
          changes: { _vanished: { to: 'absent' } },
        },
      ],
    });
  });

  it.each([
    ['the same as it was', '2;b;1;;', null],
    ['changed', '2;B;1;;', { nome: { from: 'b', to: 'B' } }],
  ])('are restored when they come back %s', async (_, line, changes) => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;', '2;b;1;;'));
    await days.day(csv('1;a;;;'));
    const third = await days.day(csv('1;a;;;', line));
    expect(third.counts).toEqual(counted({ read: 2, unchanged: 1, restored: 1 }));
    expect(third.dataset.stored).toBe(2);
    const lineage = await days.lineage('2');
    expect(operations(lineage)).toEqual(['insert', 'vanish', 'restore']);
    expect(lineage.exists).toBe(true);
    expect(lineage.versions[2]).toMatchObject({ row: 3, run_id: third.run.run_id, changes });
    expect(await days.rows('id, _vanished_at')).toMatchObject([{ _vanished_at: null }, { _vanished_at: null }]);
  });

  it('are counted once: a record that stays away is not written again', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;', '2;b;;;'));
    await days.day(csv('1;a;;;'));
    const before = await rowsWithXmin(days.project, ['obras', 'lineage_history']);
    const third = await days.day(csv('1;a;;;', ''));
    expect(third.counts).toEqual(counted({ read: 1, unchanged: 1 }));
    expect(third.run.status).toBe('unchanged');
    expect(await rowsWithXmin(days.project, ['obras', 'lineage_history'])).toEqual(before);
  });

  it('are deleted where the configuration says so; one that comes back is inserted', async () => {
    await using days = await story(configOf(obras('on_vanish: delete')));
    await days.day(csv('1;a;;;', '2;b;;;'));
    const second = await days.day(csv('1;a;;;'));
    expect(second.counts).toEqual(counted({ read: 1, unchanged: 1, vanished: 1 }));
    expect((await days.rows('id')).length).toBe(1);
    expect(operations(await days.lineage('2'))).toEqual(['insert', 'vanish']);
    const third = await days.day(csv('1;a;;;', '2;b;;;'));
    expect(third.counts).toEqual(counted({ read: 2, unchanged: 1, inserted: 1 }));
    expect(operations(await days.lineage('2'))).toEqual(['insert', 'vanish', 'insert']);
  });

  it.each(['on_vanish: ignore', 'snapshot: delta'])('say nothing with %s', async (line) => {
    await using days = await story(configOf(obras(line, 'max_vanished_percent: 0')));
    await days.day(csv('1;a;;;', '2;b;;;'));
    const second = await days.day(csv('1;A;;;', '3;c;;;'));
    expect(second.counts).toEqual(counted({ read: 2, updated: 1, inserted: 1 }));
    expect(second.dataset.stored).toBe(3);
    expect(second.alerts).toEqual([]);
  });

  it('above max_vanished_percent hold the dataset: nothing is published, exit 5', async () => {
    await using days = await story(withoutFloor(configOf(obras('max_vanished_percent: 30'))));
    await days.day(csv('1;a;;;', '2;b;;;', '3;c;;;'));
    const before = await rowsWithXmin(days.project, ['obras', 'lineage_history', 'datasets', 'quarantine']);
    const held = await days.day(csv('1;A;;;', '2;b;;;', '4;d;;;'));
    expect(held.run).toMatchObject({ status: 'held', exit_code: 5, error: { code: 'guard-vanish' } });
    expect(held.dataset).toMatchObject({
      status: 'held',
      counts: counted({ read: 3, inserted: 1, updated: 1, unchanged: 1, vanished: 1 }),
    });
    expect(held.alerts).toContain('guard-vanish');
    expect(await rowsWithXmin(days.project, ['obras', 'lineage_history', 'datasets', 'quarantine'])).toEqual(before);
  });

  it('at max_vanished_percent exactly are published', async () => {
    await using days = await story(withoutFloor(configOf(obras('max_vanished_percent: 25'))));
    await days.day(csv('1;a;;;', '2;b;;;', '3;c;;;', '4;d;;;'));
    expect((await days.day(csv('1;a;;;', '2;b;;;', '3;c;;;'))).run.exit_code).toBe(0);
  });

  it.each([
    [20, 0],
    [21, 5],
  ])('may be %s in a small table at most: then exit %s', async (gone, exitCode) => {
    await using days = await story(configOf(obras('max_vanished_percent: 10')));
    const rows = (from: number) => csv(...Array.from({ length: 40 - from }, (_, row) => `${from + row};a;;;`));
    await days.day(rows(0));
    expect((await days.day(rows(gone))).run.exit_code).toBe(exitCode);
  });

  it('are compared with the live rows, not with those that vanished before', async () => {
    await using days = await story(withoutFloor(configOf(obras('max_vanished_percent: 50'))));
    await days.day(csv('1;a;;;', '2;b;;;', '3;c;;;', '4;d;;;'));
    await days.day(csv('1;a;;;', '2;b;;;'));
    expect((await days.day(csv('1;a;;;'))).run.exit_code).toBe(0);
    expect((await days.day(csv('5;a;;;'))).run.exit_code).toBe(5);
  });
});

describe('changes', () => {
  it('tell every column from and to, NULL included, and nothing that stayed', async () => {
    await using days = await story(configOf(obras()));
    const first = await days.day(csv('1;Ponte;10,5;2025;01/02/2025'));
    const second = await days.day(csv('1;;10,50;2026;02/02/2025'));
    const lineage = await days.lineage('1');
    expect(lineage).toMatchObject({ schema: 'projetus.lineage/1', entity: 'obra', id: '1', exists: true });
    expect(lineage.versions).toMatchObject([
      {
        operation: 'insert',
        run_id: first.run.run_id,
        source_file: 'obras.csv',
        source_sha256: first.dataset.sources[0]!.sha256,
        sheet: null,
        row: 2,
        pipeline_version: '0.0.0+test',
        changes: null,
      },
      {
        operation: 'update',
        run_id: second.run.run_id,
        changes: {
          nome: { from: 'Ponte', to: null },
          ano: { from: '2025', to: '2026' },
          dia: { from: '2025-02-01', to: '2025-02-02' },
        },
      },
    ]);
    expect(lineage.versions[0]!.record_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(lineage.versions[0]!.record_hash).not.toBe(lineage.versions[1]!.record_hash);
  });

  it('keep no history where lineage is off', async () => {
    await using days = await story(`lineage: { enabled: false }\n${configOf(obras())}`);
    await days.day(csv('1;a;;;', '2;b;;;'));
    await days.day(csv('1;A;;;'));
    expect(await days.project.query('SELECT count(*)::int AS n FROM lineage_history')).toEqual([{ n: 0 }]);
    expect(operations(await days.lineage('1'))).toEqual(['update']);
  });

  it('of an unknown id are none', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'));
    expect(await days.lineage('2')).toMatchObject({ exists: false, versions: [] });
    expect(await days.lineage('1', 'ponte')).toMatchObject({ exists: false, versions: [] });
  });
});

describe('the number of rows', () => {
  const lines = (count: number) => csv(...Array.from({ length: count }, (_, index) => `${index};x;;;`));

  it('warns when it moves more than its tolerance and its floor', async () => {
    await using days = await story(configOf(obras()));
    expect((await days.day(lines(100))).dataset.volume).toEqual({
      previous: null,
      current: 100,
      change_percent: null,
      tolerance_percent: 10,
      baseline: null,
      verdict: 'first',
    });
    expect((await days.day(lines(120))).dataset.volume).toMatchObject({ previous: 100, change_percent: 20, verdict: 'ok' });
    const rise = await days.day(lines(150));
    expect(rise.dataset.volume).toMatchObject({ previous: 120, change_percent: 25, verdict: 'rise' });
    expect(rise).toMatchObject({ alerts: ['volume-anomaly'], run: { exit_code: 0 } });
    const drop = await days.day(lines(100));
    expect(drop.dataset.volume).toMatchObject({ previous: 150, verdict: 'drop' });
    expect(drop.alerts).toEqual(['rows-vanished', 'volume-anomaly']);
  });

  it('holds the dataset where the configuration says so', async () => {
    await using days = await story(configOf(obras('on_volume_anomaly: hold', 'volume_tolerance_percent: 5')));
    await days.day(lines(100));
    const held = await days.day(lines(130));
    expect(held.run).toMatchObject({ status: 'held', exit_code: 5, error: { code: 'guard-volume' } });
    expect(await days.project.query('SELECT count(*)::int AS n FROM obras')).toEqual([{ n: 100 }]);
  });

  it('of a delta is compared with that of the delta before, not with the table', async () => {
    await using days = await story(configOf(obras('snapshot: delta')));
    await days.day(lines(100));
    const second = await days.day(lines(95).replaceAll(';x;', ';y;'));
    expect(second.dataset.volume).toMatchObject({ previous: 100, verdict: 'ok' });
    const third = await days.day(lines(98).replaceAll(';x;', ';z;'));
    expect(third.dataset.volume).toMatchObject({ previous: 95, verdict: 'ok' });
  });

  it('below expect.min_rows fails the dataset, exit 7', async () => {
    await using days = await story(configOf(obras('expect: { min_rows: 3 }')));
    const run = await days.day(lines(2));
    expect(run.run).toMatchObject({ status: 'failed', exit_code: 7, error: { code: 'source-rows-few' } });
  });
});

describe('the word in lineage', () => {
  it('may change: the present versions go by the new one', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'));
    await days.project.configure(configOf(obras()).replace('entity: obra', 'entity: empreendimento'));
    expect((await days.again()).run.error).toBe(null);
    expect(operations(await days.lineage('1', 'empreendimento'))).toEqual(['insert']);
    expect((await days.lineage('1')).exists).toBe(false);
  });
});
