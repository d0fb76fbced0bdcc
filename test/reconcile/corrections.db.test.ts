import { describe, expect, it } from 'vitest';
import { named, retryIn } from '../quarantine/quarantined.ts';
import { configOf, csv, obras, story } from '../run/story.ts';
import { undoIn } from '../undo/undo-in.ts';
import { audit, auditOf, found } from './audit.ts';

const dayOne = 'id;nome;valor\n1;a;1,00\n;a;3,00\n2;b;2,00\n';

describe('rows that were retried', () => {
  it.each([
    { title: 'with a key', file: dayOne },
    { title: 'of content', file: 'id;nome;valor\n1;a;1,00\n2;b;2,00\n3;b;2,00\n', lines: ['key: content'] },
  ])('are explained, on that day and on later ones: $title', async ({ file, lines = [] }) => {
    await using told = await story(configOf(named('a', ...lines)));
    expect((await told.day(file)).counts).toMatchObject({ rejected: 2 });
    await told.project.configure(configOf(named('a, b', ...lines)));
    expect((await retryIn(told.project)).datasets[0]!.stored).toBeGreaterThan(1);
    await told.project.configure(configOf(named('a', ...lines)));
    expect(await auditOf(told.project)).toMatchObject({ match: true, discrepancy: 0 });
    expect((await told.day(`${file}9;a;9\n`)).counts).toMatchObject({ rejected: 2, inserted: 1, vanished: 0 });
    expect(await auditOf(told.project)).toMatchObject({ match: true, discrepancy: 0 });
    await told.project.query("UPDATE obras SET valor = 7 WHERE nome = 'b'");
    const report = await auditOf(told.project);
    // Whether it was read in another way is not known: it was, by the retry, under the other configuration.
    expect(report.match && report.notes.length === 0).toBe(false);
  });
});

describe('a run that was undone', () => {
  it.each(['mark', 'delete'])('is explained: the undo came later (%s)', async (how) => {
    await using told = await story(configOf(obras(`on_vanish: ${how}`)));
    await told.day(csv('1;a;1;;', '2;b;2;;', '3;c;;;'));
    const second = await told.day(csv('1;A;1;;', '2;b;2;;', '4;d;;;'));
    const undone = await undoIn(told.project, second.run.run_id!, '2026-11-02T16:00:00Z');
    expect(undone.status).toBe('success');
    const report = await audit(told.project);
    expect(report.datasets[0]).toMatchObject({ run_id: second.run.run_id, match: true, explained: { 'later-run': 3 } });
    expect((await told.project.query('SELECT id FROM obras WHERE _vanished_at IS NULL ORDER BY 1')).map(({ id }) => id)).toEqual([
      '1',
      '2',
      '3',
    ]);
    await told.project.query("UPDATE obras SET nome = 'x' WHERE id = '3'");
    expect(found(await auditOf(told.project))).toEqual({ match: false, missing: 0, extra: 0, different: 1 });
    await told.again();
    expect(await auditOf(told.project)).toMatchObject({ match: how === 'delete' });
  });
});
