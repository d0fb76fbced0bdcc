import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checksum } from '../../src/source/fingerprint.ts';
import { rowsWithXmin } from '../support/project.ts';
import { xlsxFile } from '../support/xlsx-files.ts';
import { configOf, csv, entry, obras, story } from '../run/story.ts';
import { discardIn, editCsv, exportIn, named, retryIn, type ExportedRow } from './quarantined.ts';

const tables = ['obras', 'lineage_history', 'quarantine'];
const ints = entry('obras', [
  'entity: obra',
  'key: [id]',
  'max_rejected_percent: 100',
  'max_vanished_percent: 100',
  'columns: { id: { type: integer }, nome: {}, valor: { type: "decimal(18,2)" }, cpf: { format: cpf } }',
]);
const bad =
  'id;nome;valor;cpf\n1;a;1;\n2;b;x;\n3x;c;3;\n4;=1+1;-5,50;123\n5;short\n6;"x"y;1;\n7;long;1;;extra\n;keyless;1;\n8;h;1;\n';

async function quarantined() {
  const days = await story(configOf(ints));
  await days.files({ 'obras.csv': bad });
  const exported = await exportIn(days.project, 'rejects.csv');
  const text = await readFile(exported, 'utf8');
  const path = join(days.project.folder, 'corrected.csv');
  return {
    days,
    text,
    path,
    /** Gives the export back after `change`. */
    giveBack: async (change: (row: ExportedRow) => ExportedRow | null) => {
      await writeFile(path, editCsv(text, change));
      return retryIn(days.project, { from: path });
    },
    [Symbol.asyncDispose]: () => days[Symbol.asyncDispose](),
  };
}

const codesOf = (left: readonly { errors: readonly { code: string; column: string | null }[] }[]) =>
  left.map(({ errors }) => errors.map(({ code, column }) => `${code} ${column}`));

describe('an export that comes back', () => {
  it.each(['rejects.csv', 'rejects.xlsx'])('unchanged gives the same errors, and changes nothing: %s', async (name) => {
    await using it = await quarantined();
    const path = await exportIn(it.days.project, name);
    const plain = await retryIn(it.days.project);
    expect(codesOf(plain.left)).toEqual([
      ['type-error valor'],
      ['type-error id'],
      ['format cpf'],
      ['row-short null'],
      ['quote-malformed null'],
      ['row-long null'],
      ['key-missing id'],
    ]);
    const before = await rowsWithXmin(it.days.project, tables);
    const report = await retryIn(it.days.project, { from: path });
    expect(report).toMatchObject({ status: 'unchanged', from: { file: name } });
    expect(report.left.map(({ id, errors }) => ({ id, errors }))).toEqual(plain.left.map(({ id, errors }) => ({ id, errors })));
    expect(await rowsWithXmin(it.days.project, tables)).toEqual(before);
  });

  it('corrected is loaded, with the lineage of the corrected file', async () => {
    await using it = await quarantined();
    const report = await it.giveBack((row) => {
      if (row['id'] === '2') return { ...row, valor: '1.234,56' };
      if (row['id'] === '3x') return { ...row, id: '33' };
      if (row['id'] === '4') return { ...row, cpf: '' };
      return row;
    });
    expect(report).toMatchObject({ status: 'success', datasets: [{ counts: { read: 7, inserted: 3, rejected: 4 }, stored: 5 }] });
    expect(await it.days.rows('id::int AS id, nome, valor')).toEqual([
      { id: 1, nome: 'a', valor: '1.00' },
      { id: 2, nome: 'b', valor: '1234.56' },
      { id: 4, nome: '=1+1', valor: '-5.50' },
      { id: 8, nome: 'h', valor: '1.00' },
      { id: 33, nome: 'c', valor: '3.00' },
    ]);
    const sha256 = await checksum({ name: 'corrected.csv', path: it.path }, new AbortController().signal);
    expect((await it.days.lineage('33')).versions).toMatchObject([
      { operation: 'insert', source_file: 'corrected.csv', source_sha256: sha256, row: 3, run_id: report.run_id },
    ]);
    const [log] = await it.days.project.query(
      `SELECT path, header, status FROM extraction_logs WHERE run_id = '${report.run_id}'`,
    );
    expect(log).toEqual({ path: it.path, header: ['id', 'nome', 'valor', 'cpf'], status: 'retried' });
  });

  it('corrected stays in the table when the same file is read again: what the file still refuses has not vanished', async () => {
    await using it = await quarantined();
    // Keys that cannot be read in the file, and one that a person says is another.
    await it.giveBack((row) => {
      if (row['id'] === '3x') return { ...row, id: '33' };
      if (row['id'] === '5') return { ...row, valor: '1' };
      if (row['id'] === '') return { ...row, id: '90' };
      if (row['id'] === '2') return { ...row, id: '22', valor: '0' };
      return row;
    });
    const rows = await it.days.rows('id::int AS id, valor');
    expect(rows.map(({ id }) => id)).toEqual([1, 5, 8, 22, 33, 90]);
    const before = await rowsWithXmin(it.days.project, tables);
    for (const again of [() => it.days.again(), () => it.days.again({ force: true }), () => it.days.day(bad, { force: true })]) {
      const { run, counts, dataset } = await again();
      expect({ error: run.error, status: run.status }).toEqual({ error: null, status: 'unchanged' });
      expect({ ...counts, kept: dataset.kept }).toMatchObject({ vanished: 0, rejected: 7, new_rejects: 0 });
    }
    expect(await rowsWithXmin(it.days.project, tables)).toEqual(before);
    const next = await it.days.day(bad.replace('3x;c;3;', '3;c;3;').replace('5;short\n', ''));
    expect(next.counts).toMatchObject({ inserted: 1, vanished: 2 });
    expect((await it.days.rows('id::int AS id')).map(({ id }) => id)).toEqual([1, 3, 5, 8, 22, 33, 90]);
    expect(await it.days.rows('id::int AS id', 'id').then((all) => all.length)).toBe(7);
    expect((await it.days.project.query('SELECT id::int AS id FROM obras_live ORDER BY 1')).map(({ id }) => id)).toEqual([
      1, 3, 8, 22, 90,
    ]);
  });

  it('with the errors of a row cleared says that the row is right as it stands there', async () => {
    await using it = await quarantined();
    const report = await it.giveBack((row) => (['5', '6'].includes(row['id']!) ? { ...row, _quarantine_errors: '' } : row));
    expect(report).toMatchObject({ datasets: [{ counts: { inserted: 2, rejected: 5 } }] });
    expect(await it.days.project.query('SELECT id::int AS id, nome, valor FROM obras WHERE id IN (5, 6) ORDER BY 1')).toEqual([
      { id: 5, nome: 'short', valor: null },
      { id: 6, nome: '"x"y', valor: '1.00' },
    ]);
  });

  it('still has too many cells until they are cleared', async () => {
    await using it = await quarantined();
    const wrong = await it.giveBack((row) => (row['id'] === '7' ? { ...row, nome: 'edited' } : null));
    expect(codesOf(wrong.left)).toEqual([['row-long null']]);
    const right = await it.giveBack((row) => (row['id'] === '7' ? { ...row, _quarantine_extra_1: ' ' } : null));
    expect(right).toMatchObject({ datasets: [{ counts: { read: 1, inserted: 1 } }] });
  });

  it('may have its columns moved, and columns of a person’s own', async () => {
    await using it = await quarantined();
    await writeFile(it.path, 'note;valor;nome;id;_quarantine_id\nok;7,5;new;2;1\n');
    expect(await retryIn(it.days.project, { from: it.path })).toMatchObject({ datasets: [{ counts: { read: 1, inserted: 1 } }] });
    expect(await it.days.project.query('SELECT nome, valor FROM obras WHERE id = 2')).toEqual([{ nome: 'new', valor: '7.50' }]);
  });

  it('may be a workbook that Excel saved: numbers are numbers, dates are dates', async () => {
    await using it = await quarantined();
    const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
    const rows =
      `<row r="1">${['_quarantine_id', 'id', 'nome', 'valor'].map(text).join('')}</row>` +
      `<row r="2"><c><v>1</v></c><c><v>2</v></c>${text('b')}<c><v>1234.5</v></c></row>`;
    const path = join(it.days.project.folder, 'corrected.xlsx');
    const empty = { name: 'Notas', rows: `<row r="1">${text('lembrete')}</row>` };
    await writeFile(path, xlsxFile({ sheets: [empty, { name: 'obras', rows }] }));
    expect(await retryIn(it.days.project, { from: path })).toMatchObject({ datasets: [{ counts: { inserted: 1 } }] });
    expect((await it.days.lineage('2')).versions).toMatchObject([{ sheet: 'obras', row: 2 }]);
    expect(await it.days.project.query('SELECT valor FROM obras WHERE id = 2')).toEqual([{ valor: '1234.50' }]);
  });

  it('does not show personal data in the answer or in the run log', async () => {
    await using it = await quarantined();
    const report = await it.giveBack((row) => (row['id'] === '4' ? { ...row, cpf: '98765432101' } : null));
    expect(report.left).toMatchObject([{ errors: [{ code: 'format', value: '***' }] }]);
    const logged = await it.days.project.query('SELECT report::text AS report FROM runs');
    expect(JSON.stringify([report, logged])).not.toMatch(/98765432101/);
  });

  it('of a file without keys may be the same as a stored record: it is one more, and stays', async () => {
    await using days = await story(configOf(named('a', 'key: content', 'required_columns: []')));
    const file = csv('1;a;1;;', '1;x;1;;', '1;y;1;;');
    await days.day(file);
    const path = await exportIn(days.project, 'rejects.csv');
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll(/"[xy]"/g, '"a"'));
    expect(await retryIn(days.project, { from: path })).toMatchObject({ datasets: [{ counts: { inserted: 2 }, stored: 3 }] });
    const again = await days.again({ force: true });
    expect({ ...again.counts, kept: again.dataset.kept }).toMatchObject({ unchanged: 1, rejected: 2, vanished: 0, kept: 2 });
  });

  it('holds rejects of several datasets, a sheet each', async () => {
    const ruas = entry('ruas', [
      'entity: rua',
      'key: [id]',
      'max_rejected_percent: 100',
      'columns: { id: { type: integer }, nome: {} }',
    ]);
    await using days = await story(configOf(ints, ruas));
    await days.files({ 'obras.csv': bad, 'ruas.csv': 'id;nome\nx;r\n' });
    const path = await exportIn(days.project, 'rejects.xlsx');
    expect((await retryIn(days.project, { from: path })).datasets.map(({ name, counts }) => [name, counts.rejected])).toEqual([
      ['obras', 7],
      ['ruas', 1],
    ]);
  });
});

describe('a corrected file that does not fit', () => {
  const wrongs: readonly { title: string; change: (rows: string[]) => string[]; says: RegExp }[] = [
    {
      title: 'a row without an id',
      change: (rows) => [...rows, '"";"9";"";"";"";"";"";"";"";""'],
      says: /line 9: the row has no _quarantine_id/,
    },
    {
      title: 'an id that is no number',
      change: (rows) => [...rows, '"x";"9";"";"";"";"";"";"";"";""'],
      says: /line 9: _quarantine_id is not a number/,
    },
    {
      title: 'an unknown id',
      change: (rows) => [...rows, '"99";"9";"";"";"";"";"";"";"";""'],
      says: /line 9: the quarantine has no reject 99/,
    },
    { title: 'an id twice', change: (rows) => [...rows, rows[1]!], says: /line 9: reject 1 stands on line 2 already/ },
    {
      title: 'an id of another dataset',
      change: (rows) => [...rows, '"8";"9";"";"";"";"";"";"";"";""'],
      says: /line 9: reject 8 belongs to ruas, which is not retried/,
    },
    {
      title: 'a closed reject',
      change: (rows) => [...rows, '"9";"9";"";"";"";"";"";"";"";""'],
      says: /line 9: reject 9 is discarded already/,
    },
    {
      title: 'a row whose cells have moved',
      change: (rows) => [rows[0]!, '"1";"2"'],
      says: /line 2: the row has more or fewer cells than the header/,
    },
    {
      title: 'a blank row with an id',
      change: (rows) => [rows[0]!, '"1";"";" ";"";"";"";"f";"";"2";"e"'],
      says: /line 2: the row of reject 1 is blank; projetus quarantine discard 1/,
    },
    { title: 'no rows', change: (rows) => [rows[0]!], says: /holds no rejects/ },
    {
      title: 'no ids',
      change: (rows) => rows.map((row) => row.replace('_quarantine_id', 'number')),
      says: /has no column _quarantine_id/,
    },
    {
      title: 'every problem at once',
      change: (rows) => [rows[0]!, '"1";"2"', '"77";"2";"";"";"";"";"";"";"";""'],
      says: /line 2: [^]*line 3: the quarantine has no reject 77/,
    },
  ];

  it.each(wrongs)('is refused as a whole: $title', async ({ change, says }) => {
    const ruas = entry('ruas', ['key: [id]', 'max_rejected_percent: 100', 'columns: { id: { type: integer } }']);
    await using days = await story(configOf(ints, ruas));
    await days.files({ 'obras.csv': bad, 'ruas.csv': 'id\nx\ny\n' });
    await discardIn(days.project, { ids: ['9'] });
    const exported = await readFile(await exportIn(days.project, 'rejects.csv', { datasets: ['obras'] }), 'utf8');
    // One row is right, and must not be loaded either.
    const right = exported.replace('"b";"x"', '"b";"1"');
    const path = join(days.project.folder, 'corrected.csv');
    await writeFile(
      path,
      change(right.split('\r\n').slice(0, -1))
        .map((line) => `${line}\r\n`)
        .join(''),
    );
    const before = await rowsWithXmin(days.project, tables);
    const report = await retryIn(days.project, { from: path, filter: { runs: [], codes: [], datasets: ['obras'] } });
    expect(report).toMatchObject({
      status: 'failed',
      exit_code: 2,
      datasets: [],
      error: { code: 'usage', file: 'corrected.csv' },
    });
    expect(report.error!.message).toMatch(says);
    expect(await rowsWithXmin(days.project, tables)).toEqual(before);
  });

  it('is refused when it is not there, or nothing is open any more', async () => {
    await using it = await quarantined();
    expect(await retryIn(it.days.project, { from: '/nowhere/x.csv' })).toMatchObject({ exit_code: 2, run_id: null });
    await discardIn(it.days.project, { datasets: ['obras'] });
    await writeFile(it.path, it.text);
    const report = await retryIn(it.days.project, { from: it.path });
    expect(report).toMatchObject({
      exit_code: 2,
      run_id: null,
      error: { hint: expect.stringContaining('--status all') as string },
    });
  });
});

describe('what the quarantine’s text does not say', () => {
  it('is remembered by its errors: U+0000, half a surrogate, a number that Excel had rounded', async () => {
    await using days = await story(configOf(obras('required_values: [id]')));
    const cell = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
    const rows =
      `<row r="1">${['id', 'nome', 'valor', 'ano', 'dia'].map(cell).join('')}</row>` +
      `<row r="2">${cell('1')}${cell('a')}</row>` +
      `<row r="3"><c><v>12345678901234567</v></c>${cell('b')}</row>` +
      `<row r="4">${cell('4')}${cell('x_x0000_y')}</row>` +
      `<row r="5">${cell('5')}${cell('_xD800_')}</row>`;
    await days.files({ 'obras.xlsx': '' });
    await days.project.put('2026-11-01', 'obras.xlsx', xlsxFile({ sheets: [{ name: 'Plan1', rows }] }));
    const run = await days.project.run({ date: '2026-11-01' });
    const found = run.datasets[0]!.rejects.map(({ code, column }) => `${code} ${column}`);
    const report = await retryIn(days.project);
    expect(codesOf(report.left).flat()).toEqual(found);
    expect(found).toEqual(['number-imprecise id', 'character-invalid nome', 'character-invalid nome']);
    expect(await days.rows('id')).toEqual([{ id: '1' }]);
  });

  it('is not guessed: with decimal commas, 1.234 of a workbook may be a number or a text', async () => {
    const yaml = (names: string) =>
      configOf(
        entry('obras', [
          'key: [id]',
          'max_rejected_percent: 100',
          'format: { decimal: "," }',
          `columns: { id: {}, nome: { enum: [${names}] }, valor: { type: "decimal(18,3)" } }`,
        ]),
      );
    await using days = await story(yaml('a'));
    const cell = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
    const row = (number: number, name: string, value: string) =>
      `<row r="${number}">${cell(String(number))}${cell(name)}${value}</row>`;
    const rows =
      `<row r="1">${['id', 'nome', 'valor'].map(cell).join('')}</row>` +
      [
        row(2, 'a', cell('1')),
        row(3, 'b', '<c><v>1234.5</v></c>'),
        row(4, 'b', '<c><v>1.234</v></c>'),
        row(5, 'b', cell('1.234')),
        row(6, 'b', cell('1.234,5')),
        row(7, 'b', cell('12.5')),
      ].join('');
    await days.project.put('2026-11-01', 'obras.xlsx', xlsxFile({ sheets: [{ name: 'Plan1', rows }] }));
    await days.project.run({ date: '2026-11-01' });
    await days.project.configure(yaml('a, b'));
    const report = await retryIn(days.project);
    expect(report.left.map(({ row, errors }) => `${row} ${errors[0]!.code}`)).toEqual([
      '4 type-error',
      '5 type-error',
      '7 type-error',
    ]);
    expect(report.left[0]!.errors[0]!.message).toMatch(/--from/);
    expect(await days.rows('id, valor')).toEqual([
      { id: '2', valor: '1.000' },
      { id: '3', valor: '1234.500' },
      { id: '6', valor: '1234.500' },
    ]);
  });

  it('does not take a header row that was detected for a cell: the header is the one of then', async () => {
    await using days = await story(configOf(obras('format: { header_row: 3 }')));
    await days.files({ 'obras.csv': `title;;;;\n\n${csv('1;a;1;;', '2;b;x;;')}` });
    expect(await retryIn(days.project)).toMatchObject({ left: [{ row: 5, errors: [{ code: 'type-error' }] }] });
  });
});
