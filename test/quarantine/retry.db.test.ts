import { describe, expect, it } from 'vitest';
import { rowsWithXmin } from '../support/project.ts';
import { configOf, counted, csv, entry, obras, story } from '../run/story.ts';
import { discardIn, named, retryIn } from './quarantined.ts';

const strict = named('a');
const loose = named('a, b, c');
const tables = ['obras', 'lineage_history', 'quarantine'];

describe('a retry', () => {
  it('loads what passes today’s configuration, with the lineage of the file and line of then', async () => {
    await using days = await story(configOf(strict));
    const first = await days.day(csv('1;a;1;;', '2;b;2;;', '3;c;x;;'));
    await days.project.configure(configOf(loose));
    const report = await retryIn(days.project);
    expect(report).toMatchObject({
      schema: 'projetus.quarantine-retry/1',
      mode: 'retry',
      status: 'success',
      exit_code: 0,
      datasets: [{ name: 'obras', status: 'loaded', stored: 2, counts: { read: 2, inserted: 1, rejected: 1 } }],
      left: [
        {
          id: '2',
          outcome: 'rejected',
          file: 'obras.csv',
          row: 4,
          errors: [{ code: 'type-error', column: 'valor', value: 'x' }],
        },
      ],
    });
    expect(await days.rows('id, nome')).toEqual([
      { id: '1', nome: 'a' },
      { id: '2', nome: 'b' },
    ]);
    const { versions } = await days.lineage('2');
    expect(versions).toMatchObject([
      {
        operation: 'insert',
        run_id: report.run_id,
        source_file: 'obras.csv',
        row: 3,
        source_sha256: first.dataset.sources[0]!.sha256,
      },
    ]);
    expect((await days.quarantine()).map(({ status }) => status)).toEqual(['retried', 'open']);
    const [logged] = await days.project.query(
      `SELECT status, exit_code, report->>'mode' AS mode FROM runs WHERE id = '${report.run_id}'`,
    );
    expect(logged).toEqual({ status: 'success', exit_code: 0, mode: 'retry' });
  });

  it('leaves everything as it was when nothing passes', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1;;', '2;b;x;;', ';c;1;;', '3;d'));
    const before = await rowsWithXmin(days.project, [...tables, 'datasets']);
    const report = await retryIn(days.project);
    expect(report).toMatchObject({ status: 'unchanged', datasets: [{ counts: { read: 3, rejected: 3 } }] });
    expect(report.left.map(({ errors }) => errors.map(({ code }) => code))).toEqual([
      ['type-error'],
      ['key-missing'],
      ['row-short'],
    ]);
    expect(await rowsWithXmin(days.project, [...tables, 'datasets'])).toEqual(before);
  });

  it('has nothing to do where nothing is open, and leaves no run', async () => {
    await using days = await story(configOf(obras()));
    expect(await retryIn(days.project)).toMatchObject({ status: 'unchanged', run_id: null });
    await days.day(csv('1;a;1;;'));
    expect(await retryIn(days.project)).toMatchObject({ status: 'unchanged', run_id: null, datasets: [] });
    expect(await days.project.query('SELECT FROM runs')).toHaveLength(1);
  });

  it('takes the filters: run, dataset and code', async () => {
    await using days = await story(
      configOf(
        named('a', 'snapshot: delta'),
        entry('ruas', ['key: [id]', 'max_rejected_percent: 100', 'columns: { id: {}, nome: { enum: [x] } }']),
      ),
    );
    const first = await days.files({ 'obras.csv': csv('1;a;1;;', '2;b;1;;', '3;a;x;;'), 'ruas.csv': 'id;nome\n1;x\n2;y\n' });
    await days.files({ 'obras.csv': csv('1;a;1;;', '4;b;1;;'), 'ruas.csv': 'id;nome\n1;x\n2;y\n' });
    const tried = async (filter: object) => {
      const report = await retryIn(days.project, { filter: { runs: [], datasets: [], codes: [], ...filter } });
      return report.left.map(({ id }) => id);
    };
    const quarantine = await days.project.query("SELECT dataset || ' ' || row_number AS place FROM quarantine ORDER BY id");
    expect(quarantine.map(({ place }) => place)).toEqual(['obras 3', 'obras 4', 'ruas 3', 'obras 3']);
    expect(await tried({ runs: [first.run_id!] })).toEqual(['1', '2', '3']);
    expect(await tried({ datasets: ['ruas'] })).toEqual(['3']);
    expect(await tried({ codes: ['enum'], datasets: ['obras'] })).toEqual(['1', '4']);
  });

  it('is one transaction: what fails at its end changes nothing, and is in the log', async () => {
    await using days = await story(configOf(strict));
    await days.day(csv('1;a;1;;', '2;b;2;;'));
    await days.project.configure(configOf(loose));
    const before = await rowsWithXmin(days.project, tables);
    await days.project.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE ON quarantine FOR EACH ROW EXECUTE FUNCTION refuse()`);
    const report = await retryIn(days.project);
    expect(report).toMatchObject({ status: 'failed', exit_code: 1, datasets: [], error: { code: 'unexpected' } });
    expect(await rowsWithXmin(days.project, tables)).toEqual(before);
    expect(await days.project.query(`SELECT status FROM runs WHERE id = '${report.run_id}'`)).toEqual([{ status: 'failed' }]);
  });

  it('waits for nobody: while a run holds the dataset it ends with 11', async () => {
    await using days = await story(configOf(strict));
    await days.day(csv('1;a;1;;', '2;b;2;;'));
    const { Client } = await import('pg');
    const client = new Client({ connectionString: days.project.databaseUrl });
    await client.connect();
    await client.query("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('projetus:public:obras', 0))");
    expect(await retryIn(days.project)).toMatchObject({ status: 'failed', exit_code: 11, error: { code: 'locked' } });
    await client.end();
    expect(await retryIn(days.project)).toMatchObject({ exit_code: 0 });
  });

  it('says which datasets it cannot try: never published, or not configured any more', async () => {
    await using days = await story(
      configOf(
        obras('max_rejected_percent: 1'),
        entry('ruas', ['key: [id]', 'columns: { id: { enum: ["1"] } }', 'max_rejected_percent: 1']),
      ),
    );
    await days.files({ 'obras.csv': csv('1;a;x;;'), 'ruas.csv': 'id\n1\n2\n' });
    await days.project.configure(configOf(obras()));
    const report = await retryIn(days.project);
    expect(report).toMatchObject({ status: 'unchanged', datasets: [] });
    expect(report.skipped.map(({ dataset, reason }) => `${dataset}: ${reason.slice(0, 22)}`)).toEqual([
      'obras: it was never published',
      'ruas: it is not configured a',
    ]);
  });

  it('works on the embedded database', async () => {
    await using days = await story(configOf(strict), 'pglite');
    await days.day(csv('1;a;1;;', '2;b;2;;', '3;c;x;;'));
    await days.project.configure(configOf(loose));
    expect(await retryIn(days.project)).toMatchObject({ datasets: [{ counts: { read: 2, inserted: 1, rejected: 1 } }] });
    expect((await days.again()).counts).toEqual(counted({ read: 3, unchanged: 2, rejected: 1 }));
  });
});

describe('a retried reject whose key is stored', () => {
  const file = csv('1;a;1;;', '2;b;2;;');

  it('replaces an older record, with what changed', async () => {
    await using days = await story(configOf(strict));
    await days.day(csv('1;a;1;;', '2;a;9;;'));
    await days.day(file);
    await days.project.configure(configOf(loose));
    expect(await retryIn(days.project)).toMatchObject({ datasets: [{ counts: { updated: 1 }, stored: 2 }] });
    expect((await days.lineage('2')).versions).toMatchObject([
      { operation: 'insert' },
      { operation: 'update', row: 3, changes: { nome: { from: 'a', to: 'b' }, valor: { from: '9.00', to: '2.00' } } },
    ]);
  });

  it('is closed without a write when the content is the same', async () => {
    await using days = await story(configOf(named('a', 'snapshot: delta')));
    await days.day(file);
    await days.project.configure(configOf(named('a, b, c', 'snapshot: delta')));
    await days.day(csv('2;b;2;;'));
    const before = await rowsWithXmin(days.project, ['obras', 'lineage_history']);
    expect(await retryIn(days.project)).toMatchObject({ datasets: [{ counts: { read: 1, unchanged: 1 } }], left: [] });
    expect(await rowsWithXmin(days.project, ['obras', 'lineage_history'])).toEqual(before);
    expect((await days.quarantine())[0]).toMatchObject({ status: 'retried' });
  });

  it('is left open when a newer record has come, which only --force replaces', async () => {
    await using days = await story(configOf(named('a', 'snapshot: delta')));
    await days.day(file);
    await days.project.configure(configOf(named('a, b, c', 'snapshot: delta')));
    await days.day(csv('2;c;3;;'));
    const report = await retryIn(days.project);
    expect(report).toMatchObject({ status: 'unchanged', datasets: [{ counts: { read: 1, superseded: 1 } }] });
    expect(report.left).toMatchObject([{ id: '1', outcome: 'superseded', newer: 'obras.csv:2', errors: [] }]);
    expect(await days.rows('nome')).toEqual([{ nome: 'a' }, { nome: 'c' }]);
    expect(await retryIn(days.project, { force: true })).toMatchObject({ datasets: [{ counts: { updated: 1 } }] });
    expect(await days.rows('nome')).toEqual([{ nome: 'a' }, { nome: 'b' }]);
  });

  it('does not replace a record of the same file', async () => {
    await using days = await story(configOf(named('a', 'snapshot: delta', 'duplicates: first')));
    await days.day(csv('2;a;2;;', '2;b;2;;'));
    await days.project.configure(configOf(named('a, b, c', 'snapshot: delta', 'duplicates: first')));
    expect(await retryIn(days.project)).toMatchObject({ datasets: [{ counts: { superseded: 1 } }] });
  });

  it('is newer than a retried record of an older file', async () => {
    const relaxed = (names: string) => configOf(named(names, 'snapshot: delta'));
    await using days = await story(relaxed('a'));
    await days.day(csv('1;a;1;;', '2;b;2;;'));
    await days.day(csv('1;a;1;;', '2;c;3;;'));
    await days.project.configure(relaxed('a, b'));
    expect(await retryIn(days.project)).toMatchObject({ datasets: [{ counts: { inserted: 1, rejected: 1 } }] });
    await days.project.configure(relaxed('a, b, c'));
    expect(await retryIn(days.project)).toMatchObject({ datasets: [{ counts: { updated: 1 } }] });
    expect(await days.rows('nome')).toEqual([{ nome: 'a' }, { nome: 'c' }]);
  });
});

describe('rejects that only others explain', () => {
  it('conflict again, until the wrong one is discarded', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1;;', '2;b;2;;', '2;c;2;;'));
    expect((await retryIn(days.project)).left.map(({ errors }) => errors[0]!.code)).toEqual(['key-conflict', 'key-conflict']);
    expect(await discardIn(days.project, { ids: ['1'] })).toBe(1);
    expect(await retryIn(days.project)).toMatchObject({ datasets: [{ counts: { read: 1, inserted: 1 } }], left: [] });
    expect((await days.again()).counts).toEqual(counted({ read: 3, unchanged: 1, rejected: 2 }));
    expect(await days.rows('nome', 'id')).toEqual([{ nome: 'a' }, { nome: 'c' }]);
  });

  it('are no orphans any more when their parent was retried with them, or came since', async () => {
    const yaml = (names: string) =>
      configOf(
        named(names),
        entry('ruas', [
          'key: [id]',
          'max_rejected_percent: 100',
          'columns: { id: {}, obra: {} }',
          'relations: [{ column: obra, references: obras.id, on_orphan: reject }]',
        ]),
      );
    await using days = await story(yaml('a'));
    await days.files({ 'obras.csv': csv('1;a;1;;', '2;b;2;;'), 'ruas.csv': 'id;obra\n1;1\n2;2\n3;9\n' });
    expect((await retryIn(days.project)).left.map(({ errors }) => errors[0]!.code)).toEqual(['enum', 'orphan', 'orphan']);
    await days.project.configure(yaml('a, b'));
    const report = await retryIn(days.project);
    expect(report.datasets.map(({ name, counts }) => [name, counts.inserted, counts.rejected])).toEqual([
      ['obras', 1, 0],
      ['ruas', 1, 1],
    ]);
    const again = await days.project.run({ date: '2026-11-01' });
    expect(again.datasets.map(({ counts }) => [counts!.unchanged, counts!.vanished])).toEqual([
      [2, 0],
      [2, 0],
    ]);
  });

  it('are read again in the next run when a parent was retried alone', async () => {
    const ruas = entry('ruas', [
      'key: [id]',
      'max_rejected_percent: 100',
      'columns: { id: {}, obra: {} }',
      'relations: [{ column: obra, references: obras.id, on_orphan: reject }]',
    ]);
    await using days = await story(configOf(strict, ruas));
    await days.files({ 'obras.csv': csv('1;a;1;;', '2;b;2;;'), 'ruas.csv': 'id;obra\n1;1\n2;2\n' });
    await days.project.configure(configOf(loose, ruas));
    await retryIn(days.project, { filter: { runs: [], codes: [], datasets: ['obras'] } });
    const again = await days.project.run({ date: '2026-11-01', datasets: ['ruas'] });
    expect(again.datasets[0]!.counts).toMatchObject({ inserted: 1, rejected: 0 });
  });

  it('that "where" does not want any more are gone, and open again when it does', async () => {
    const filtered = 'where: { nome: { enum: [a] } }';
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1;;', '2;b;x;;'));
    await days.project.configure(configOf(obras(filtered)));
    expect(await retryIn(days.project)).toMatchObject({ datasets: [{ counts: { read: 1, filtered: 1 } }] });
    expect((await days.quarantine())[0]).toMatchObject({ status: 'gone' });
    await days.project.configure(configOf(obras()));
    await days.again();
    expect((await days.quarantine())[0]).toMatchObject({ status: 'open' });
  });

  it('of a file without keys are one more of their content', async () => {
    const content = (names: string) => configOf(named(names, 'key: content', 'required_columns: []'));
    await using days = await story(content('a'));
    await days.day(csv('1;a;1;;', '1;b;1;;', '1;b;1;;'));
    await days.project.configure(content('a, b'));
    expect(await retryIn(days.project)).toMatchObject({ datasets: [{ counts: { read: 2, inserted: 2 }, stored: 3 }] });
    expect((await days.again()).counts).toEqual(counted({ read: 3, unchanged: 3 }));
  });

  it('of a file without keys are not loaded twice when a later run has read them', async () => {
    const content = (names: string) => configOf(named(names, 'key: content', 'snapshot: delta', 'required_columns: []'));
    await using days = await story(content('a'));
    await days.day(csv('1;a;1;;', '1;b;1;;', '1;b;1;;'));
    await days.project.configure(content('a, b'));
    await days.again();
    expect(await retryIn(days.project)).toMatchObject({ datasets: [{ counts: { read: 2, unchanged: 2 }, stored: 3 }] });
  });
});

describe('the run after a retry', () => {
  it('reads the same file again, once, and finds nothing to change', async () => {
    await using days = await story(configOf(strict));
    await days.day(csv('1;a;1;;', '2;a;1;;', '2;a;2;;'));
    expect((await days.again()).dataset.sources[0]!.header_row).toBe(null);
    await discardIn(days.project, { ids: ['1'] });
    expect(await retryIn(days.project)).toMatchObject({ datasets: [{ counts: { inserted: 1 } }] });
    const before = await rowsWithXmin(days.project, tables);
    const next = await days.again();
    expect(next.dataset.sources[0]!.header_row).toBe(1);
    expect(next.run.status).toBe('unchanged');
    expect((await days.again()).dataset.sources[0]!.header_row).toBe(null);
    expect(await rowsWithXmin(days.project, tables)).toEqual(before);
  });

  it('opens a reject again whose record has vanished when its row comes back', async () => {
    await using days = await story(configOf(strict));
    const bad = csv('1;a;1;;', '2;b;2;;');
    await days.day(bad);
    await days.project.configure(configOf(loose));
    await retryIn(days.project);
    await days.project.configure(configOf(strict));
    expect((await days.day(bad, { force: true })).counts).toMatchObject({ vanished: 0, rejected: 1 });
    expect((await days.day(csv('1;a;1;;'))).counts).toMatchObject({ vanished: 1 });
    await days.day(bad);
    expect((await days.quarantine())[0]).toMatchObject({ status: 'open' });
    await days.project.configure(configOf(loose));
    expect(await retryIn(days.project)).toMatchObject({ datasets: [{ counts: { restored: 1 } }] });
  });
});
