import { describe, expect, it } from 'vitest';
import type { Acceptance } from '../../src/core/guard.ts';
import { undoIn } from '../undo/undo-in.ts';
import { configOf, csv, entry, obras, story, withoutFloor } from './story.ts';

const rows = (count: number, first = 0) => csv(...Array.from({ length: count }, (_, row) => `${first + row};a;;2025;`));
const accept = (...guards: Acceptance['guard'][]) => ({ accept: guards.map((guard) => ({ guard, dataset: 'obras' })) });

describe('a dataset that a guard holds', () => {
  it.each<[string, string[], string, string, Acceptance['guard']]>([
    ['by its volume', ['on_volume_anomaly: hold'], rows(100), rows(150), 'volume'],
    ['by what vanished', ['max_vanished_percent: 10'], rows(100), rows(50), 'vanish'],
    ['by a filter that lets nothing through', ['where: { ano: { enum: [2025] } }'], rows(9), csv('1;a;;2026;'), 'filter'],
    ['by files of another day', ['expect: { must_change: true }'], rows(9), rows(9), 'stale'],
  ])('%s passes once with --accept, and it is recorded who let it', async (_, lines, first, second, guard) => {
    await using days = await story(withoutFloor(configOf(obras(...lines))));
    await days.day(first);
    const held = await days.day(second);
    expect(held.run).toMatchObject({ status: 'held', exit_code: 5, error: { code: `guard-${guard}` } });
    expect(held.run.error!.hint).toContain(`projetus run --accept ${guard}:obras`);
    expect(held.dataset.holds).toMatchObject([{ guard, accepted: null }]);
    const passed = await days.again(accept(guard));
    expect(passed.run).toMatchObject({ exit_code: 0, error: null });
    const by = { by: expect.stringMatching(/^test@./), at: passed.run.started_at };
    expect(passed.dataset.holds).toMatchObject([{ guard, accepted: by }]);
    expect(passed.alerts).toContain('hold-accepted');
    const stored = await days.project.query(
      `SELECT report -> 'datasets' -> 0 -> 'holds' AS holds FROM runs WHERE id = '${passed.run.run_id}'`,
    );
    expect(stored[0]).toMatchObject({ holds: [{ guard, accepted: { at: passed.run.started_at } }] });
  });

  it('is held again the next time: an acceptance is for one run', async () => {
    await using days = await story(withoutFloor(configOf(obras('max_vanished_percent: 10'))));
    await days.day(rows(100));
    expect((await days.day(rows(50), accept('vanish'))).run.exit_code).toBe(0);
    expect((await days.day(rows(20))).run.exit_code).toBe(5);
  });

  it('is not helped by the acceptance of another guard, nor of another dataset', async () => {
    const orgaos = entry('orgaos', ['key: [id]', 'columns: { id: {} }', 'max_vanished_percent: 100']);
    await using days = await story(withoutFloor(configOf(obras('max_vanished_percent: 10'), orgaos)));
    await days.files({ 'obras.csv': rows(100), 'orgaos.csv': 'id\n1\n' });
    await days.files({ 'obras.csv': rows(50), 'orgaos.csv': 'id\n2\n' }, accept('volume'));
    const run = await days.again({ accept: [{ guard: 'vanish', dataset: 'orgaos' }] });
    expect(run.run).toMatchObject({ exit_code: 5, error: { code: 'guard-vanish' } });
  });

  it('tells every reason at once, and how to let all of them pass', async () => {
    await using days = await story(withoutFloor(configOf(obras('max_vanished_percent: 10', 'on_volume_anomaly: hold'))));
    await days.day(rows(100));
    const { run, dataset } = await days.day(rows(50));
    expect(run.error!.message).toBe(
      'obras: 50 of 100 records are no longer in the file (50.0 %); at most 10 % may vanish in one run. ' +
        'obras: 50 records after 100 in the run before (-50 %); 10 % are tolerated.',
    );
    expect(run.error!.hint).toContain('--accept vanish:obras --accept volume:obras');
    expect(dataset.holds.map(({ guard }) => guard)).toEqual(['vanish', 'volume']);
    expect((await days.again(accept('vanish'))).run).toMatchObject({ exit_code: 5, error: { code: 'guard-volume' } });
    expect((await days.again(accept('vanish', 'volume'))).run.exit_code).toBe(0);
  });
});

describe('the usual volume of a weekday', () => {
  const day = (week: number) =>
    `2026-${week < 5 ? '10' : '11'}-${String(week < 5 ? 5 + 7 * (week - 1) : 2 + 7 * (week - 5)).padStart(2, '0')}`;

  it('is that of the published runs, without the held', async () => {
    await using days = await story(configOf(obras('on_volume_anomaly: hold', 'max_vanished_percent: 10')));
    const run = async (week: number, count: number) => {
      await days.project.put(day(week), 'obras.csv', rows(count, 0));
      return days.project.run({ date: day(week) });
    };
    for (let week = 1; week <= 4; week++) expect((await run(week, 1000 + week)).exit_code).toBe(0);
    const fifth = await run(5, 700);
    expect(fifth).toMatchObject({ exit_code: 5 });
    expect(fifth.datasets[0]!.volume).toMatchObject({
      verdict: 'drop',
      baseline: { weekday: 'Monday', median: 1002.5, runs: 4 },
    });
    expect((await run(5, 1005)).datasets[0]!.volume).toMatchObject({ verdict: 'ok', baseline: { runs: 4 } });
    expect((await run(6, 1006)).datasets[0]!.volume).toMatchObject({ baseline: { median: 1003, runs: 5 } });
  });

  it('does not count a run that was undone, and counts it again when the undo is', async () => {
    await using days = await story(configOf(obras()));
    const ids: string[] = [];
    for (let week = 1; week <= 4; week++) {
      await days.project.put(day(week), 'obras.csv', rows(100 + week));
      ids.push((await days.project.run({ date: day(week) })).run_id!);
    }
    const preview = async () => {
      await days.project.put(day(5), 'obras.csv', rows(120));
      const report = await days.project.run({ date: day(5), isDryRun: true });
      return report.datasets[0]!.volume!.baseline?.runs ?? null;
    };
    expect(await preview()).toBe(4);
    const undo = await undoIn(days.project, ids[3]!, `${day(5)}T10:00:00Z`);
    expect(await preview()).toBe(null);
    await undoIn(days.project, undo.run_id, `${day(5)}T11:00:00Z`);
    expect(await preview()).toBe(4);
  });
});
