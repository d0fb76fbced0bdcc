import { describe, expect, it } from 'vitest';
import { configOf, csv, entry, obras, story } from '../run/story.ts';
import { rowsWithXmin } from '../support/project.ts';
import { undoIn } from './undo-in.ts';

type Story = Awaited<ReturnType<typeof story>>;

/** What the table says of its records, marks included. */
const content = (days: Story) =>
  days.project.query('SELECT id, nome, valor, ano, dia, _hash, _vanished_at FROM obras ORDER BY id');
const live = (days: Story) =>
  days.project.query('SELECT id, nome, valor, ano, dia, _hash FROM obras WHERE _vanished_at IS NULL ORDER BY id');
const evening = (day: number) => `2026-11-${String(day).padStart(2, '0')}T20:00:00Z`;

const before = csv('1;Ponte;10,5;2025;01/02/2025', '2;Escola;2;2026;', '3;Praça;;;', '5;"a ""b"" \\ ç";-3;;');
const after = csv('1;;11;;02/02/2025', '2;Escola;2;2026;', '4;Nova;1;;', '5;x;;1;');

describe('an undo of the last run', () => {
  it.each(['postgres', 'pglite'] as const)('gives the values from before it, with lineage of its own, on %s', async (engine) => {
    await using days = await story(configOf(obras()), engine);
    const first = await days.day(before);
    const was = await live(days);
    const second = await days.day(after);
    const report = await undoIn(days.project, second.run.run_id!, evening(2));
    expect(report).toMatchObject({ schema: 'projetus.undo/1', undoes: second.run.run_id, status: 'success', exit_code: 0 });
    expect(report.datasets).toMatchObject([
      {
        name: 'obras',
        status: 'undone',
        counts: { inserted: 0, updated: 2, restored: 1, vanished: 1 },
        stored: 4,
        kept: 0,
        not_restorable: 0,
      },
    ]);
    expect(await live(days)).toEqual(was);
    const lineage = await days.lineage('1');
    expect(lineage.versions.map(({ operation, run_id, row }) => [operation, run_id, row])).toEqual([
      ['insert', first.run.run_id, 2],
      ['update', second.run.run_id, 2],
      ['update', report.run_id, 2],
    ]);
    expect(lineage.versions[2]).toMatchObject({
      source_sha256: first.dataset.sources[0]!.sha256,
      record_hash: lineage.versions[0]!.record_hash,
      changes: { nome: { from: null, to: 'Ponte' }, valor: { from: '11.00', to: '10.50' }, ano: { from: null, to: '2025' } },
    });
    expect((await days.lineage('4')).versions.at(-1)).toMatchObject({
      operation: 'vanish',
      changes: { _vanished: { to: 'undone' } },
    });
    expect((await days.lineage('3')).versions.map(({ operation }) => operation)).toEqual(['insert', 'vanish', 'restore']);
    expect(await days.project.query("SELECT status, report->>'mode' AS mode FROM runs ORDER BY id DESC LIMIT 1")).toEqual([
      { status: 'success', mode: 'undo' },
    ]);
  });

  it('makes a restored record vanish again, as of the day on which it had', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;', '2;b;1;;'));
    await days.day(csv('1;a;;;'));
    const was = await content(days);
    const third = await days.day(csv('1;a;;;', '2;B;;;'));
    const report = await undoIn(days.project, third.run.run_id!, evening(3));
    expect(report.datasets[0]!.counts).toEqual({ inserted: 0, updated: 0, restored: 0, vanished: 1 });
    expect(await content(days)).toEqual(was);
  });

  it('brings deleted records back from the entries of their deletion', async () => {
    await using days = await story(configOf(obras('on_vanish: delete')));
    await days.day(before);
    const was = await content(days);
    const second = await days.day(csv('9;z;;;'));
    const report = await undoIn(days.project, second.run.run_id!, evening(2));
    expect(report.datasets[0]!.counts).toEqual({ inserted: 4, updated: 0, restored: 0, vanished: 1 });
    expect(await content(days)).toEqual(was);
    expect((await days.lineage('1')).versions.map(({ operation, row }) => [operation, row])).toEqual([
      ['insert', 2],
      ['vanish', null],
      ['insert', 2],
    ]);
  });

  it('lists deleted records whose values were not kept', async () => {
    await using days = await story(configOf(obras('on_vanish: delete')));
    await days.day(csv('1;a;;;', '2;b;;;'));
    const second = await days.day(csv('1;A;;;'));
    await days.project.query(
      "UPDATE lineage_history SET changes = jsonb_build_object('_vanished', changes->'_vanished') WHERE operation = 'vanish'",
    );
    const report = await undoIn(days.project, second.run.run_id!, evening(2));
    expect(report.datasets[0]).toMatchObject({
      counts: { updated: 1, inserted: 0 },
      not_restorable: 1,
      not_restorable_rows: [{ id: '2', operation: 'vanish', reason: 'values-gone' }],
    });
    expect(await days.rows('id, nome')).toEqual([{ id: '1', nome: 'a' }]);
  });

  it('of a first load leaves nothing live, and the next run loads it again', async () => {
    await using days = await story(configOf(obras()));
    const first = await days.day(before);
    const report = await undoIn(days.project, first.run.run_id!, evening(1));
    expect(report.datasets[0]).toMatchObject({ counts: { vanished: 4 }, stored: 0 });
    expect(await live(days)).toEqual([]);
    const second = await days.day(before);
    expect(second).toMatchObject({ run: { exit_code: 0 }, counts: { restored: 4, read: 4 }, dataset: { stored: 4 } });
  });

  it('closes the rejects that it brought; the next run opens them again', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;x;;'));
    const second = await days.day(csv('1;a;x;;', '2;b;y;;'));
    const report = await undoIn(days.project, second.run.run_id!, evening(2));
    expect(report.datasets[0]).toMatchObject({ status: 'undone', rejects_gone: 1 });
    expect((await days.quarantine()).map(({ status }) => status)).toEqual(['open', 'gone']);
    await days.again();
    expect((await days.quarantine()).map(({ status }) => status)).toEqual(['open', 'open']);
  });
});

describe('after an undo', () => {
  it('the same files are read again, not taken for known', async () => {
    await using days = await story(configOf(obras()));
    await days.day(before);
    const second = await days.day(after);
    await undoIn(days.project, second.run.run_id!, evening(2));
    const again = await days.again();
    expect(again.counts).toMatchObject({ read: 4, updated: 2, restored: 1, vanished: 1, unchanged: 1, inserted: 0 });
  });

  it('what was published last is what was so before the undone run', async () => {
    await using days = await story(configOf(obras()));
    await days.day(before);
    const [was] = await days.project.query('SELECT * FROM datasets');
    const second = await days.day(after);
    await undoIn(days.project, second.run.run_id!, evening(2));
    expect(await days.project.query('SELECT * FROM datasets')).toEqual([{ ...was, reading_hash: '' }]);
    const third = await days.day(after);
    expect(third.dataset.volume).toMatchObject({ previous: 4 });
  });

  it('the undo can be undone, and then the run again', async () => {
    await using days = await story(configOf(obras()));
    await days.day(before);
    const first = await live(days);
    const [loaded] = await days.project.query('SELECT * FROM datasets');
    const second = await days.day(after);
    const changed = await live(days);
    const [published] = await days.project.query('SELECT * FROM datasets');
    const undo = await undoIn(days.project, second.run.run_id!, evening(2));
    const redo = await undoIn(days.project, undo.run_id, evening(3), { random: 'redo' });
    expect(await live(days)).toEqual(changed);
    expect(await days.project.query('SELECT * FROM datasets')).toEqual([{ ...published, reading_hash: '' }]);
    await expect(undoIn(days.project, undo.run_id, evening(4))).rejects.toMatchObject({
      message: expect.stringContaining(redo.run_id),
    });
    // The run's changes are the redo's now.
    const kept = await undoIn(days.project, second.run.run_id!, evening(5), { random: 'none' });
    expect(kept).toMatchObject({ status: 'unchanged', datasets: [{ kept: 4 }] });
    await undoIn(days.project, redo.run_id, evening(6), { random: 'again' });
    expect(await live(days)).toEqual(first);
    expect(await days.project.query('SELECT * FROM datasets')).toEqual([{ ...loaded, reading_hash: '' }]);
  });

  it('a child is examined again, since its orphans may be others', async () => {
    const ruas = entry('ruas', [
      'key: [id]',
      'max_rejected_percent: 100',
      'max_vanished_percent: 100',
      'columns: { id: {}, obra: {} }',
      'relations: [{ column: obra, references: obras.id, on_orphan: reject }]',
    ]);
    await using days = await story(configOf(obras(), ruas));
    const ruasFile = 'id;obra\n1;1\n2;2\n';
    await days.files({ 'obras.csv': csv('1;a;;;'), 'ruas.csv': ruasFile });
    const second = await days.files({ 'obras.csv': csv('1;a;;;', '2;b;;;'), 'ruas.csv': ruasFile }, { datasets: ['obras'] });
    await days.project.run({ date: '2026-11-02', datasets: ['ruas'], random: 'later' });
    await undoIn(days.project, second.run_id!, evening(2));
    const again = await days.project.run({ date: '2026-11-03', datasets: ['ruas'] }).catch(() => null);
    expect(again?.error?.code).toBe('source-missing');
    const third = await days.files({ 'obras.csv': csv('1;a;;;'), 'ruas.csv': ruasFile }, { datasets: ['ruas'] });
    expect(third.datasets[0]!.counts).toMatchObject({ rejected: 1 });
  });
});

describe('an undo of an earlier run', () => {
  it('keeps and lists what a later run changed', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;', '2;b;;;', '3;c;;;'));
    const second = await days.day(csv('1;A;;;', '2;B;;;', '3;c;;;', '4;d;;;', '5;e;;;'));
    const third = await days.day(csv('1;AA;;;', '2;B;;;', '3;c;;;', '5;e;;;'));
    const [published] = await days.project.query('SELECT run_id, checksums FROM datasets');
    const report = await undoIn(days.project, second.run.run_id!, evening(3));
    expect(report.datasets[0]).toMatchObject({
      counts: { updated: 1, vanished: 1, restored: 0, inserted: 0 },
      kept: 2,
      kept_rows: [
        { id: '1', operation: 'update', changed_by: third.run.run_id },
        { id: '4', operation: 'insert', changed_by: third.run.run_id },
      ],
    });
    expect(await live(days)).toMatchObject([
      { id: '1', nome: 'AA' },
      { id: '2', nome: 'b' },
      { id: '3', nome: 'c' },
    ]);
    expect(await days.project.query('SELECT run_id, checksums FROM datasets')).toEqual([published]);
  });

  it('keeps a record that was deleted and came back', async () => {
    await using days = await story(configOf(obras('on_vanish: delete')));
    await days.day(csv('1;a;;;', '2;b;;;'));
    const second = await days.day(csv('1;a;;;'));
    const third = await days.day(csv('1;a;;;', '2;b;;;'));
    const report = await undoIn(days.project, second.run.run_id!, evening(3));
    expect(report).toMatchObject({
      status: 'unchanged',
      datasets: [{ status: 'unchanged', kept_rows: [{ id: '2', operation: 'vanish', changed_by: third.run.run_id }] }],
    });
    expect(await days.rows('id')).toEqual([{ id: '1' }, { id: '2' }]);
  });
});

describe('records whose earlier values cannot be had', () => {
  it.each([
    ['were changed by hand', "UPDATE obras SET ano = 1 WHERE id = '1'", 'values-differ'],
    ['lost their history', 'DELETE FROM lineage_history', 'history-gone'],
    [
      'got a type that the values before do not fit',
      'ALTER TABLE obras DROP COLUMN dia CASCADE, ALTER nome TYPE bigint USING 7',
      'values-differ',
    ],
  ])('because they %s stay as they are, and are listed', async (_, statement, reason) => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1;;', '2;b;;;'));
    const second = await days.day(csv('1;A;2;;', '2;b;;;', '3;c;;;'));
    if (statement.startsWith('ALTER')) await days.project.query('DROP VIEW obras_live');
    await days.project.query(statement);
    const report = await undoIn(days.project, second.run.run_id!, evening(2));
    expect(report.datasets[0]).toMatchObject({
      counts: { updated: 0, vanished: 1 },
      not_restorable: 1,
      not_restorable_rows: [{ id: '1', operation: 'update', reason }],
    });
    expect(await days.project.query("SELECT valor FROM obras WHERE id = '1'")).toEqual([{ valor: '2.00' }]);
  });
});

describe('every kind of column and key', () => {
  const kinds = entry('obras', [
    'entity: obra',
    'key: [a, b]',
    'max_vanished_percent: 100',
    'columns: { a: {}, b: { type: integer }, q: { type: boolean }, t: { type: timestamp }, d: { type: date }, n: { type: "decimal(9,3)" } }',
    'required_values: [a]',
    'on_vanish: delete',
  ]);

  it('comes back as it was: two-part keys with blanks, booleans, moments, control characters', async () => {
    await using days = await story(configOf(kinds));
    const all = 'SELECT a, b, q, t::text, d::text, n, _key, _hash FROM obras ORDER BY _key';
    await days.files({
      'obras.csv':
        'a;b;q;t;d;n\nx;1;true;2026-01-02 03:04:05.25;2026-01-02;1,5\n"y\u0001|\\";;;2026-01-02;;\nz;9;false;;;-0,001\n',
    });
    const was = await days.project.query(all);
    expect(was).toHaveLength(3);
    const second = await days.files({
      'obras.csv': 'a;b;q;t;d;n\nx;1;false;2026-01-02 03:04:06;2027-01-02;1\nz;9;;2000-01-01 00:00;01/01/2000;0\n',
    });
    const report = await undoIn(days.project, second.run_id!, evening(2));
    expect(report.datasets[0]).toMatchObject({ counts: { updated: 2, inserted: 1 }, not_restorable: 0 });
    expect(await days.project.query(all)).toEqual(was);
  });

  it('comes back where the content is the key', async () => {
    await using days = await story(configOf(obras('key: content')));
    await days.day(csv('1;a;;;', '1;a;;;', '2;b;;;'));
    const was = await live(days);
    const second = await days.day(csv('1;a;;;', '3;b;;;'));
    await undoIn(days.project, second.run.run_id!, evening(2));
    expect(await live(days)).toEqual(was);
  });

  it('comes back where a column was added since, and another left the configuration', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1;2000;', '2;b;;;'));
    await days.project.configure(configOf(obras()).replace('ano: { type: integer }, dia: { type: date }', 'novo: {}'));
    const second = await days.day('id;nome;valor;novo\n1;a;1;n\n2;B;;m\n');
    const report = await undoIn(days.project, second.run.run_id!, evening(2));
    expect(report.datasets[0]).toMatchObject({ counts: { updated: 2 }, not_restorable: 0 });
    expect(await days.project.query('SELECT id, nome, ano, novo FROM obras ORDER BY id')).toEqual([
      { id: '1', nome: 'a', ano: '2000', novo: null },
      { id: '2', nome: 'b', ano: null, novo: null },
    ]);
  });
});

describe('a dry undo', () => {
  it('tells what the undo would do, and leaves no trace', async () => {
    await using days = await story(configOf(obras()));
    await days.day(before);
    const second = await days.day(after);
    const tables = ['obras', 'lineage_history', 'runs', 'extraction_logs', 'quarantine', 'datasets'];
    const was = await rowsWithXmin(days.project, tables);
    const dry = await undoIn(days.project, second.run.run_id!, '2031-01-01T00:00:00Z', { isDryRun: true });
    expect(await rowsWithXmin(days.project, tables)).toEqual(was);
    const done = await undoIn(days.project, second.run.run_id!, '2031-01-01T00:00:00Z');
    expect(dry).toEqual({ ...done, dry_run: true });
  });
});

describe('what cannot be undone is refused:', () => {
  it('a run that published nothing, one that was undone, one that does not exist, and a beginning that fits two', async () => {
    await using days = await story(configOf(obras('max_rejected_percent: 0')));
    const first = await days.day(before);
    const held = await days.day(csv('1;a;x;;'));
    await expect(undoIn(days.project, held.run.run_id!, evening(2))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('held'),
    });
    await expect(undoIn(days.project, '2025', evening(2))).rejects.toMatchObject({
      code: 'usage',
      message: 'There is no run 2025.',
    });
    await expect(undoIn(days.project, '2026', evening(2))).rejects.toMatchObject({
      hint: expect.stringContaining(first.run.run_id!),
    });
    const undo = await undoIn(days.project, first.run.run_id!.slice(0, 9), evening(2));
    await expect(undoIn(days.project, first.run.run_id!, evening(3))).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining(undo.run_id),
    });
    expect(await days.project.query("SELECT count(*)::int AS n FROM runs WHERE status = 'running'")).toEqual([{ n: 0 }]);
  });

  it('one whose datasets are being loaded: exit 11, and nothing is written', async () => {
    await using days = await story(configOf(obras()));
    const first = await days.day(before);
    const was = await rowsWithXmin(days.project, ['runs', 'obras']);
    await expect(
      Promise.all([
        days.project.query("SELECT pg_advisory_xact_lock(hashtextextended('projetus:public:obras', 0)), pg_sleep(2)"),
        new Promise((resolve) => setTimeout(resolve, 300)).then(() => undoIn(days.project, first.run.run_id!, evening(1))),
      ]),
    ).rejects.toMatchObject({ code: 'locked' });
    expect(await rowsWithXmin(days.project, ['runs', 'obras'])).toEqual(was);
  });

  it('one that another program disturbs: unbalanced, nothing is undone, and the log says failed', async () => {
    await using days = await story(configOf(obras()));
    await days.day(before);
    const second = await days.day(after);
    const was = await content(days);
    await days.project.query(`
      CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
      CREATE TRIGGER lose BEFORE UPDATE ON obras FOR EACH ROW EXECUTE FUNCTION lose()`);
    await expect(undoIn(days.project, second.run.run_id!, evening(2))).rejects.toMatchObject({ code: 'unbalanced' });
    expect(await content(days)).toEqual(was);
    expect(await days.project.query('SELECT status, exit_code FROM runs ORDER BY id DESC LIMIT 1')).toEqual([
      { status: 'failed', exit_code: 1 },
    ]);
  });
});

describe('personal data', () => {
  it('is in no report of an undo, not even as a key', async () => {
    await using days = await story(
      configOf(
        entry('obras', ['key: [id]', 'columns: { id: { format: cpf }, outro: { format: cpf } }', 'max_vanished_percent: 100']),
      ),
    );
    await days.files({ 'obras.csv': 'id;outro\n52998224725;11144477735\n' });
    const second = await days.files({ 'obras.csv': 'id;outro\n52998224725;52998224725\n' });
    const report = await undoIn(days.project, second.run_id!, evening(2));
    expect(report.datasets[0]!.samples).toEqual([
      { id: '***', operation: 'update', changes: { outro: { from: '***', to: '***' } } },
    ]);
    expect(JSON.stringify(await days.project.query('SELECT report FROM runs'))).not.toMatch(/52998224725|11144477735/);
  });
});
