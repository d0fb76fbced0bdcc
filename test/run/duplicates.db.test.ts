import { describe, expect, it } from 'vitest';
import { configOf, counted, csv, entry, obras, story } from './story.ts';

describe('rows with one key', () => {
  it('makes one record of identical rows, counts the others as duplicates, and warns', async () => {
    await using days = await story(configOf(obras()));
    const first = await days.day(csv('1;Ponte;1;;', '1;Ponte;1;;', '2;Rua;;;', '1; Ponte ;1,00;;'));
    expect(first.counts).toEqual(counted({ read: 4, inserted: 2, duplicate: 2 }));
    expect(first.alerts).toEqual(['rows-duplicate']);
    expect(await days.rows('id, _row')).toEqual([
      { id: '1', _row: 2 },
      { id: '2', _row: 4 },
    ]);
  });

  it('does not warn of identical rows where distinct says that they are expected', async () => {
    await using days = await story(configOf(obras('distinct: true')));
    const first = await days.day(csv('1;Ponte;;;', '1;Ponte;;;'));
    expect(first.counts).toEqual(counted({ read: 2, inserted: 1, duplicate: 1 }));
    expect(first.alerts).toEqual([]);
  });

  it('rejects all rows of a key that came with different contents, identical copies too, with their cells', async () => {
    await using days = await story(configOf(obras()));
    const first = await days.day(csv('1;Ponte;;;', '2;Rua;1;;', '1;Pontes;;;', '1;Ponte;;;', '2;Rua;1;;'));
    expect(first.counts).toEqual(counted({ read: 5, inserted: 1, duplicate: 1, rejected: 3, new_rejects: 3 }));
    expect(first.dataset.rejects).toMatchObject([
      { row: 2, code: 'key-conflict', column: null },
      { row: 4, code: 'key-conflict' },
      { row: 5, code: 'key-conflict' },
    ]);
    expect(await days.quarantine()).toMatchObject([
      { raw: ['1', 'Ponte', '', '', ''], occurrence: 1, row_number: 2, errors: [{ code: 'key-conflict' }] },
      { raw: ['1', 'Pontes', '', '', ''], occurrence: 1, row_number: 4 },
      { raw: ['1', 'Ponte', '', '', ''], occurrence: 2, row_number: 5 },
    ]);
  });

  it.each([
    ['first', 'Ponte', 2],
    ['last', 'Viaduto', 4],
  ])('keeps the %s of the rows in conflict; the losers are duplicates', async (which, nome, row) => {
    await using days = await story(configOf(obras(`duplicates: ${which}`)));
    const first = await days.day(csv('1;Ponte;;;', '1;Passarela;;;', '1;Viaduto;;;', '2;Rua;;;'));
    expect(first.counts).toEqual(counted({ read: 4, inserted: 2, duplicate: 2 }));
    expect((await days.rows('id, nome, _row'))[0]).toEqual({ id: '1', nome, _row: row });
  });

  it('conflicts follow duplicates even where distinct is true', async () => {
    await using days = await story(configOf(obras('distinct: true')));
    const first = await days.day(csv('1;Ponte;;;', '1;Pontes;;;', '2;Rua;;;'));
    expect(first.counts).toEqual(counted({ read: 3, inserted: 1, rejected: 2, new_rejects: 2 }));
  });

  it('keeps the stored version of a key that is in conflict today: it has not vanished', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;Ponte;;;', '2;Rua;;;'));
    const second = await days.day(csv('1;Ponte A;;;', '1;Ponte B;;;', '2;Rua;;;'));
    expect(second.counts).toEqual(counted({ read: 3, unchanged: 1, rejected: 2, new_rejects: 2 }));
    expect(second.dataset).toMatchObject({ kept: 1, stored: 2, status: 'loaded' });
    expect(await days.rows('id, nome')).toEqual([
      { id: '1', nome: 'Ponte' },
      { id: '2', nome: 'Rua' },
    ]);
  });

  it('settles keys over all files of a dataset: the first is that of the first file', async () => {
    await using days = await story(configOf(obras('duplicates: first', 'match: ["obras*"]')));
    const run = await days.files({ 'obras-b.csv': csv('1;B;;;', '2;B;;;'), 'obras-a.csv': csv('1;A;;;') });
    expect(run.datasets[0]!.counts).toEqual(counted({ read: 3, inserted: 2, duplicate: 1 }));
    expect(await days.rows('id, nome')).toEqual([
      { id: '1', nome: 'A' },
      { id: '2', nome: 'B' },
    ]);
  });

  it('settles them among the rows of a second day as well', async () => {
    await using days = await story(configOf(obras('duplicates: last')));
    await days.day(csv('1;Ponte;;;'));
    const second = await days.day(csv('1;Ponte;;;', '1;Ponte nova;;;', '2;Rua;;;', '2;Rua;;;'));
    expect(second.counts).toEqual(counted({ read: 4, inserted: 1, updated: 1, duplicate: 2 }));
  });
});

describe('key: content', () => {
  const config = configOf(obras('key: content'));

  it('numbers identical rows: repeats come and go as records of their own', async () => {
    await using days = await story(config);
    const first = await days.day(csv('1;a;;;', '1;a;;;', '2;b;;;', '1;a;;;'));
    expect(first.counts).toEqual(counted({ read: 4, inserted: 4 }));
    expect(first.alerts).toEqual([]);
    const second = await days.day(csv('1;a;;;', '2;b;;;'));
    expect(second.counts).toEqual(counted({ read: 2, unchanged: 2, vanished: 2 }));
    const third = await days.day(csv('1;a;;;', '1;a;;;', '2;b;;;', '2;b;;;'));
    expect(third.counts).toEqual(counted({ read: 4, unchanged: 2, inserted: 1, restored: 1 }));
  });

  it('takes a change for a vanish and an insert', async () => {
    await using days = await story(config);
    await days.day(csv('1;a;;;', '2;b;;;'));
    const second = await days.day(csv('1;a;;;', '2;c;;;'));
    expect(second.counts).toEqual(counted({ read: 2, unchanged: 1, inserted: 1, vanished: 1 }));
  });

  it('numbers repeated rows whatever the columns are called', async () => {
    const columns = 'columns: { place: {}, key: {}, k: {}, r: {}, o: {}, occurrence: {} }';
    await using days = await story(configOf(entry('obras', ['key: content', columns])));
    for (const counts of [{ inserted: 3 }, { unchanged: 3 }]) {
      const { run } = await days.day('place;key;k;r;o;occurrence\na;b;c;d;e;f\na;b;c;d;e;f\na;b;c;d;e;g\n', { force: true });
      expect(run.error).toBe(null);
      expect(run.datasets[0]!.counts).toEqual(counted({ read: 3, ...counts }));
    }
    const numbers = "split_part(_key, '|', 2) AS number, occurrence";
    expect(await days.rows(numbers, 'occurrence, number')).toEqual([
      { number: '1', occurrence: 'f' },
      { number: '2', occurrence: 'f' },
      { number: '1', occurrence: 'g' },
    ]);
  });

  it('makes one record of repeats when distinct', async () => {
    await using days = await story(configOf(obras('key: content', 'distinct: true')));
    const first = await days.day(csv('1;a;;;', '1;a;;;', '2;b;;;'));
    expect(first.counts).toEqual(counted({ read: 3, inserted: 2, duplicate: 1 }));
  });

  it('has no footer: a row without an id is data', async () => {
    await using days = await story(config);
    const first = await days.day(csv('1;a;10;;', ';;10;;'));
    expect(first.counts).toEqual(counted({ read: 2, inserted: 2 }));
    expect(first.dataset.sources[0]!.footer_rows).toBe(0);
  });
});

describe('keys of several columns', () => {
  const config = configOf(obras('key: [id, nome]', 'required_values: [id]'));

  it('takes NULL for a value, and tells apart parts that hold | and \\', async () => {
    await using days = await story(config);
    const lines = ['a|b;c;1;;', 'a;b|c;2;;', 'a\\;b;3;;', 'a;;4;;', 'a;\\N;5;;'];
    const first = await days.day(csv(...lines));
    expect(first.counts).toEqual(counted({ read: 5, inserted: 5 }));
    const second = await days.day(csv(...lines.map((line) => line.replace('4;;', '40;;'))));
    expect(second.counts).toEqual(counted({ read: 5, unchanged: 4, updated: 1 }));
    const ids = await days.project.query('SELECT _key FROM obras ORDER BY valor');
    expect(ids.map((row) => row['_key'])).toEqual(['a\\|b|c', 'a|b\\|c', 'a\\\\|b', 'a|\\\\N', 'a|\\N']);
    expect(await days.lineage('a|\\N')).toMatchObject({
      exists: true,
      versions: [{ operation: 'insert' }, { operation: 'update', changes: { valor: { from: '4.00', to: '40.00' } } }],
    });
    const third = await days.day(csv(...lines.slice(0, 3), lines[4]!));
    expect(third.counts).toEqual(counted({ read: 4, unchanged: 4, vanished: 1 }));
    expect((await days.lineage('a|\\N')).versions.map((version) => version.operation)).toEqual(['insert', 'update', 'vanish']);
  });
});

describe('keys that are no text', () => {
  it.each([
    ['integer', 'ano', ['1;a;;7;', '2;b;;007;', '3;c;;-8;'], ['7', '-8']],
    ['date', 'dia', ['1;a;;;01/02/2025', '2;b;;;2025-02-01', '3;c;;;03/02/2025'], ['2025-02-01', '2025-02-03']],
    ['decimal', 'valor', ['1;a;1,5;;', '2;b;1,50;;', '3;c;2;;'], ['1.50', '2.00']],
  ])('compares an %s by its value', async (_, column, lines, ids) => {
    await using days = await story(configOf(obras(`key: [${column}]`, 'duplicates: first')));
    const first = await days.day(csv(...lines));
    expect(first.counts).toEqual(counted({ read: 3, inserted: 2, duplicate: 1 }));
    const second = await days.day(csv(lines[0]!.replace(';a;', ';z;')));
    expect(second.counts).toEqual(counted({ read: 1, updated: 1, vanished: 1 }));
    expect((await days.lineage(ids[0]!)).versions.map(({ operation }) => operation)).toEqual(['insert', 'update']);
    expect((await days.lineage(ids[1]!)).versions.map(({ operation }) => operation)).toEqual(['insert', 'vanish']);
  });
});
