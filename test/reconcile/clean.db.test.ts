import { describe, expect, it } from 'vitest';
import { auditLevels } from '../../src/reconcile/report.ts';
import { configOf, csv, entry, obras, story } from '../run/story.ts';
import { xlsxFile } from '../support/xlsx-files.ts';
import { zipFile } from '../support/zip-files.ts';
import { audit, auditOf, clean, found } from './audit.ts';

const dayOne = csv('1;Ponte;10,50;2025;01/02/2025', '2;Praça "Sé";;2026;', '3;;-0,01;;31/12/2025');

/** Days that a database goes through; after each of them, every level finds nothing. */
const stories: readonly { readonly title: string; readonly lines: readonly string[]; readonly days: readonly string[] }[] = [
  { title: 'one day', lines: [], days: [dayOne] },
  {
    title: 'updates, inserts and a mark',
    lines: [],
    days: [dayOne, csv('1;Ponte;11;2025;01/02/2025', '3;;-0,01;;31/12/2025', '4;d;;;')],
  },
  { title: 'records that come back', lines: [], days: [dayOne, csv('1;a;;;'), dayOne] },
  { title: 'on_vanish: delete', lines: ['on_vanish: delete'], days: [dayOne, csv('1;a;;;'), csv('1;a;;;', '2;b;;;')] },
  { title: 'on_vanish: ignore', lines: ['on_vanish: ignore'], days: [dayOne, csv('1;a;;;', '9;b;;;'), csv('2;b;;;')] },
  { title: 'a delta', lines: ['snapshot: delta'], days: [dayOne, csv('2;b;;;', '4;d;;;'), csv('5;e;;;')] },
  {
    title: 'rejects whose stored version stays',
    lines: [],
    days: [dayOne, csv('1;Ponte;abc;;', '2;b;;;', '3;c;;;'), csv('1;x;1;;', '2;b;;xx;')],
  },
  {
    title: 'rejects without a key',
    lines: [],
    days: [csv('1;a;;;', ';b;;;', '2;c;;;'), csv('1;a;;;', ';b;;;', '2;c;;;', '3;d;;;')],
  },
  {
    title: 'a filter',
    lines: ['where: { ano: { enum: [2025] } }'],
    days: [csv('1;a;;2025;', '2;b;;2024;'), csv('1;a;;2024;', '2;b;;2025;')],
  },
  { title: 'identical duplicates', lines: [], days: [csv('1;a;;;', '1;a;;;', '2;b;;;')] },
  { title: 'conflicting keys', lines: [], days: [dayOne, csv('1;a;;;', '1;b;;;', '2;c;;;')] },
  { title: 'duplicates: first', lines: ['duplicates: first'], days: [csv('1;a;;;', '1;b;;;'), csv('1;b;;;', '1;a;;;')] },
  { title: 'duplicates: last', lines: ['duplicates: last'], days: [csv('1;a;;;', '1;b;;;'), csv('1;b;;;', '1;a;;;')] },
  {
    title: 'key: content',
    lines: ['key: content'],
    days: [csv('1;a;;;', '1;a;;;', '1;a;;;', '2;b;;;'), csv('1;a;;;', '1;a;;;', '2;c;;x;')],
  },
  { title: 'key: content and distinct', lines: ['key: content', 'distinct: true'], days: [csv('1;a;;;', '1;a;;;')] },
  {
    title: 'a key of two parts with a blank',
    lines: ['key: [id, ano]', 'required_values: [id]'],
    days: [csv('1;a;;2025;', '1;b;;;', '2|;c;;;'), csv('1;A;;2025;', '1;b;;;')],
  },
  {
    title: 'unknown columns as text that come and go',
    lines: ['unknown_columns: text'],
    days: ['id;nome;extra\n1;a;x\n2;b;\n', 'id;nome\n1;a\n2;b\n', 'id;nome;outra\n1;a;y\n3;c;\n'],
  },
  { title: 'windows-1252', lines: [], days: [Buffer.from(dayOne, 'latin1') as unknown as string] },
  { title: 'a footer', lines: [], days: [`${csv('1;a;1,50;;', '2;b;2,50;;')};total;4,00;;\n`] },
  { title: 'a file in which nothing changed', lines: [], days: [dayOne, `${dayOne}\n`] },
];

describe('a database that nobody touched', () => {
  it.each(stories)('has no difference at any level after $title', async ({ lines, days }) => {
    await using project = await story(configOf(obras(...lines)));
    for (const [index, day] of days.entries()) {
      expect(await project.day(day)).toMatchObject({ run: { error: null } });
      for (const level of index < days.length - 1 ? (['content'] as const) : auditLevels) {
        const report = await audit(project.project, { level });
        expect(report.datasets[0]).toMatchObject({ level, problems: [], notes: [] });
        expect({ level, ...found(report.datasets[0]!) }).toEqual({ level, ...clean });
        expect(report).toMatchObject({ schema: 'projetus.reconcile/1', match: true, level, alerts: [] });
      }
    }
  });

  it('gives the counts of the contract', async () => {
    await using days = await story(configOf(obras('where: { ano: { enum: [2025] } }')));
    const run = await days.day(csv('1;a;;2025;', '2;b;;2025;', '2;b;;2025;', '3;c;;2024;', '4;d;x;2025;'));
    expect(await auditOf(days.project, 'obras', { level: 'counts' })).toMatchObject({
      run_id: run.run.run_id,
      source_count: 5,
      db_count: 2,
      expected_count: 2,
      match: true,
      confirmed: false,
      discrepancy: 0,
      sources: [{ file: 'obras.csv', sha256: run.dataset.sources[0]!.sha256, state: 'unread', logged_rows: 5, rows: null }],
    });
    expect((await auditOf(days.project)).sources).toMatchObject([{ state: 'same', logged_rows: 5, rows: 5 }]);
  });

  it('tells the sums and the NULLs of each column', async () => {
    await using days = await story(configOf(obras()));
    await days.day(dayOne);
    const { columns } = await auditOf(days.project);
    expect(columns.map(({ name }) => name)).toEqual(['ano', 'dia', 'id', 'nome', 'valor']);
    expect(columns.find(({ name }) => name === 'valor')).toEqual({
      name: 'valor',
      match: true,
      different: 0,
      nulls: { source: 1, database: 1 },
      sum: { source: '10.49', database: '10.49' },
    });
    expect(columns.find(({ name }) => name === 'nome')).toMatchObject({ nulls: { source: 1, database: 1 }, sum: null });
  });

  it('has no difference on PGlite', async () => {
    await using days = await story(configOf(obras()), 'pglite');
    await days.day(dayOne);
    await days.day(csv('1;Ponte;abc;;', '2;b;;;'));
    for (const level of auditLevels) expect(found(await auditOf(days.project, 'obras', { level }))).toEqual(clean);
    await days.project.query("UPDATE obras SET nome = 'x' WHERE id = '2'");
    expect(found(await auditOf(days.project))).toEqual({ match: false, missing: 0, extra: 0, different: 1 });
  });

  it('has no difference where the files are a workbook and an archive', async () => {
    const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
    const row = (...cells: string[]) => `<row>${cells.map(cell).join('')}</row>`;
    const workbook = xlsxFile({ sheets: [{ name: 'Plan1', rows: row('id', 'nome', 'valor') + row('1', 'a', '1,50') }] });
    await using days = await story(configOf(obras()));
    const files = {
      'obras_1.xlsx': workbook,
      'obras_2.zip': zipFile([{ name: 'x.csv', data: csv('2;b;;;') }]),
      'obras_3.csv': 'id;nome\n3;c\n',
    };
    expect(await days.files(files as unknown as Record<string, string>)).toMatchObject({ exit_code: 0 });
    expect(await auditOf(days.project)).toMatchObject({
      match: true,
      notes: [],
      source_count: 3,
      sources: [{ sheet: 'Plan1', rows: 1 }, { rows: 1 }, { rows: 1 }],
    });
  });

  it('has every type the same after the way through the database', async () => {
    const yaml = configOf(
      entry('obras', [
        'key: [id]',
        'columns: { id: { type: integer }, t: { type: timestamp }, d: { type: date }, b: { type: boolean }, n: { type: "decimal(38,10)" }, x: {} }',
        'snapshot: delta',
      ]),
    );
    await using days = await story(yaml);
    const values = '01/02/2025 10:00:00.250;0099-01-01;sim;-0,0000000001;"a\\b ""c""\té\n/\u{1F600}"';
    await days.day(`id;t;d;b;n;x\n1;${values}\n2;;;;;\n-3;2025-01-01;31/12/9999;não;1;\u0001\n`);
    expect(found(await auditOf(days.project))).toEqual(clean);
    // Of a delta, rows of earlier files have only their hash to be compared with.
    await days.day('id;t;d;b;n;x\n7;;;;;\n');
    expect(await auditOf(days.project)).toMatchObject({ match: true, explained: { 'earlier-file': 3 }, notes: [] });
    await days.project.query("UPDATE obras SET t = t + interval '1 microsecond' WHERE id = 1");
    expect(found(await auditOf(days.project))).toEqual({ match: false, missing: 0, extra: 0, different: 1 });
  });
});
