import { describe, expect, it } from 'vitest';
import { configOf, csv, entry, obras, story, withoutFloor } from '../run/story.ts';
import { audit, auditOf, clean, found } from './audit.ts';

const partes = entry('partes', [
  'columns: { id: {}, obra: {} }',
  'key: [id]',
  'max_rejected_percent: 100',
  'max_vanished_percent: 100',
  'expect: { required: false }',
  'relations: [{ column: obra, references: obras.id, on_orphan: reject }]',
]);

describe('what explains a difference', () => {
  it.each([
    { title: 'rejected rows', lines: [], days: [csv('1;a;;;', '2;b;;;'), csv('1;a;x;;', '2;b;;;')], explained: { kept: 1 } },
    {
      title: 'earlier files of a delta',
      lines: ['snapshot: delta'],
      days: [csv('1;a;;;', '2;b;;;'), csv('3;c;;;')],
      explained: { 'earlier-file': 2 },
    },
    {
      title: 'earlier files where vanishing is ignored',
      lines: ['on_vanish: ignore'],
      days: [csv('1;a;;;'), csv('3;c;;;')],
      explained: { 'earlier-file': 1 },
    },
    { title: 'nothing, where records are marked', lines: [], days: [csv('1;a;;;', '2;b;;;'), csv('1;a;;;')], explained: {} },
  ])('is counted apart: $title', async ({ lines, days, explained }) => {
    await using told = await story(configOf(obras(...lines)));
    for (const day of days) await told.day(day);
    expect(await auditOf(told.project)).toMatchObject({ match: true, explained });
  });

  it.each([
    { title: 'updated, vanished, inserted', lines: [], later: csv('1;A;;;', '3;c;;;', '4;d;;;'), explained: 3 },
    { title: 'deleted', lines: ['on_vanish: delete'], later: csv('1;a;;;'), explained: 2 },
    { title: 'restored', lines: ['snapshot: delta'], later: csv('2;B;;;', '5;e;;;'), explained: 2 },
  ])('is a later run, for an audit of an earlier one: $title', async ({ lines, later, explained }) => {
    await using told = await story(configOf(obras(...lines)));
    const first = await told.day(csv('1;a;;;', '2;b;;;', '3;c;;;'));
    await told.day(later);
    expect(await auditOf(told.project, 'obras', { run: first.run.run_id })).toMatchObject({
      run_id: first.run.run_id,
      match: true,
      source_count: 3,
      explained: { 'later-run': explained },
    });
    // What no later run has written is compared.
    await told.project.query("UPDATE obras SET nome = 'x' WHERE id = '1'");
    expect(await auditOf(told.project, 'obras', { run: first.run.run_id })).toMatchObject({ match: false, different: 1 });
  });

  it('is an orphan whose parent came later, or has gone since', async () => {
    await using told = await story(configOf(obras(), partes));
    await told.files({ 'obras.csv': csv('1;a;;;', '2;b;;;'), 'partes.csv': 'id;obra\np1;1\np2;2\np3;3\n' });
    expect(await audit(told.project)).toMatchObject({
      match: true,
      datasets: [{}, { source_count: 3, db_count: 2, explained: {} }],
    });
    await told.files({ 'obras.csv': csv('1;a;;;', '3;c;;;') }, { datasets: ['obras'] });
    expect(await audit(told.project)).toMatchObject({
      match: true,
      datasets: [{ match: true }, { name: 'partes', explained: { 'parent-later': 1, kept: 1 } }],
    });
    // Alone, with the table instead of the staged parent.
    expect(await auditOf(told.project, 'partes', { datasets: ['partes'] })).toMatchObject({ match: true });
    await told.project.query("DELETE FROM partes WHERE id = 'p1'");
    expect(found(await auditOf(told.project, 'partes'))).toEqual({ match: false, missing: 1, extra: 0, different: 0 });
  });

  it('is not that a row has a key that was rejected: it must have been there before', async () => {
    await using told = await story(configOf(obras()));
    await told.day(csv('1;a;;;', '2;b;x;;'));
    await told.project.query(
      "INSERT INTO obras (id, nome, _hash, _source_id) SELECT '2', 'b', _hash, _source_id FROM obras WHERE id = '1'",
    );
    expect(await auditOf(told.project)).toMatchObject({ match: false, extra_in_db: 1, samples: [{ kind: 'extra', id: '2' }] });
  });
});

describe('an audit of a certain run', () => {
  it('says which datasets it did not publish, and which were never published', async () => {
    await using told = await story(configOf(obras(), partes));
    const first = await told.files({ 'obras.csv': csv('1;a;;;') });
    expect(await audit(told.project)).toMatchObject({
      match: true,
      run_id: null,
      datasets: [
        { name: 'obras', status: 'audited' },
        { name: 'partes', status: 'never-published', level: null, notes: ['partes was never published'] },
      ],
    });
    const second = await told.files({ 'obras.csv': csv('1;b;;;'), 'partes.csv': 'id;obra\np1;1\n' });
    const report = await audit(told.project, { run: first.run_id });
    expect(report).toMatchObject({
      match: true,
      run_id: first.run_id,
      datasets: [{ match: true }, { status: 'not-in-run' }],
    });
    const third = await told.files({ 'obras.csv': csv('1;c;;;') }, { datasets: ['obras'] });
    expect(await audit(told.project, { run: third.run_id })).toMatchObject({
      datasets: [{ run_id: third.run_id }, { status: 'not-in-run', notes: [`run ${third.run_id} did not publish partes`] }],
    });
    expect((await audit(told.project)).datasets.map(({ run_id }) => run_id)).toEqual([third.run_id, second.run_id]);
  });

  it('takes the run that read the files, where they were unchanged', async () => {
    await using told = await story(configOf(obras()));
    const first = await told.day(csv('1;a;;;'));
    const again = await told.again();
    expect(again.run.status).toBe('unchanged');
    const report = await auditOf(told.project, 'obras', { run: again.run.run_id });
    expect(report).toMatchObject({ run_id: first.run.run_id, match: true, source_count: 1 });
    expect(report.notes[0]).toContain(`run ${again.run.run_id} found the files unchanged`);
  });

  it('that was held has nothing to compare', async () => {
    await using told = await story(withoutFloor(configOf(obras('max_vanished_percent: 0'))));
    const first = await told.day(csv('1;a;;;', '2;b;;;'));
    const held = await told.day(csv('1;a;;;'));
    expect(held.run.status).toBe('held');
    expect(await auditOf(told.project, 'obras', { run: held.run.run_id })).toMatchObject({ status: 'not-in-run', match: true });
    expect(await auditOf(told.project)).toMatchObject({ run_id: first.run.run_id, match: true });
  });

  it('takes the beginning of its id, and refuses an id that is none', async () => {
    await using told = await story(configOf(obras()));
    const { run } = await told.day(csv('1;a;;;'));
    expect(await audit(told.project, { run: run.run_id!.slice(0, 12) })).toMatchObject({ run_id: run.run_id, match: true });
    await expect(audit(told.project, { run: '2001' })).rejects.toMatchObject({ code: 'usage' });
    await expect(audit(told.project, { datasets: ['obra'] })).rejects.toMatchObject({
      code: 'usage',
      hint: 'did you mean obras?',
    });
  });

  it('of an empty database finds nothing to do', async () => {
    await using told = await story(configOf(obras()));
    expect(await audit(told.project)).toMatchObject({ match: true, datasets: [{ status: 'never-published' }], notes: [] });
  });
});

describe('a configuration that changed', () => {
  it('is noted, with what it makes different; the next run settles it', async () => {
    await using told = await story(configOf(obras()));
    await told.day(csv('1;a;1,50;2025;', '2;b;2;2024;'));
    await told.project.configure(configOf(obras('where: { ano: { enum: [2025] } }')));
    const report = await auditOf(told.project);
    expect(report).toMatchObject({ match: false, extra_in_db: 1 });
    expect(report.notes.join()).toContain('the configuration of obras has changed since run');
    await told.again();
    expect(await auditOf(told.project)).toMatchObject({ match: true, notes: [] });
  });

  it('to a new column is no difference: the table does not have it yet', async () => {
    await using told = await story(configOf(entry('obras', ['columns: { id: {} }', 'key: [id]'])));
    await told.day(csv('1;a;1,50;2025;'));
    await told.project.configure(configOf(obras()));
    const report = await auditOf(told.project);
    expect(found(report)).toEqual(clean);
    expect(report.notes[0]).toContain('does not have these columns of the configuration yet: ano, dia, nome, valor');
  });

  it('to another type or key cannot be compared, and is no mismatch', async () => {
    await using told = await story(configOf(obras()));
    await told.day(csv('1;a;1,50;2025;'));
    for (const line of ['columns: { id: {}, ano: {} }', 'key: [nome]']) {
      await told.project.configure(
        configOf(
          entry(
            'obras',
            ['columns: { id: {}, nome: {} }', 'key: [id]'].map((own) => (own.split(':')[0] === line.split(':')[0] ? line : own)),
          ),
        ),
      );
      const report = await auditOf(told.project);
      expect(report).toMatchObject({ match: true, level: 'counts' });
      expect(report.notes.join()).toContain('the files cannot be compared');
    }
  });

  it('leaves vanished rows of before in doubt: they are noted, not reported', async () => {
    await using told = await story(configOf(obras()));
    await told.day(csv('1;a;1,50;2025;', '2;b;;;'));
    await told.day(csv('1;a;1,50;2025;'));
    const other = configOf(
      entry('obras', ['columns: { id: {}, valor: { type: "decimal(18,2)" } }', 'key: [id]', 'max_vanished_percent: 100']),
    );
    await told.project.configure(other);
    await told.again();
    expect(await auditOf(told.project)).toMatchObject({ match: true, notes: [] });
    await told.project.query("UPDATE obras SET nome = 'x' WHERE id = '2'");
    const report = await auditOf(told.project);
    expect(found(report)).toEqual(clean);
    expect(report.notes.join()).toContain('1 rows that the files do not hold were written under another configuration');
  });
});
