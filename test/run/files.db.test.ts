import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { datasetOf } from '../support/project.ts';
import { configOf, counted, csv, entry, obras, story } from './story.ts';

const ruas = (...lines: string[]) => entry('ruas', ['key: [id]', 'columns: { id: {}, nome: {} }', ...lines]);

describe('several files of one dataset', () => {
  const config = configOf(obras('match: ["obras*"]'));

  it('are read as one; each row knows its own file', async () => {
    await using days = await story(config);
    const run = await days.files({ 'obras-1.csv': csv('1;a;;;'), 'obras-2.csv': csv('2;b;;;', '3;c;;;') });
    expect(run.datasets[0]!.counts).toEqual(counted({ read: 3, inserted: 3 }));
    expect(run.datasets[0]!.sources.map(({ file, rows }) => [file, rows])).toEqual([
      ['obras-1.csv', 1],
      ['obras-2.csv', 2],
    ]);
    expect((await days.lineage('3')).versions).toMatchObject([{ source_file: 'obras-2.csv', row: 3 }]);
    expect(await days.project.query('SELECT source_file, status, row_counts FROM extraction_logs ORDER BY id')).toEqual([
      { source_file: 'obras-1.csv', status: 'loaded', row_counts: { rows: 1, blank: 0, footer: 0 } },
      { source_file: 'obras-2.csv', status: 'loaded', row_counts: { rows: 2, blank: 0, footer: 0 } },
    ]);
  });

  it('with equal content are read once, which is a warning', async () => {
    await using days = await story(config);
    const run = await days.files({ 'obras-1.csv': csv('1;a;;;'), 'obras-2.csv': csv('1;a;;;'), 'obras-3.csv': csv('2;a;;;') });
    expect(run.datasets[0]).toMatchObject({ counts: counted({ read: 2, inserted: 2 }), repeated_files: ['obras-2.csv'] });
    expect(run.alerts.map(({ code }) => code)).toEqual(['source-repeated']);
  });

  it('are the same again under other names', async () => {
    await using days = await story(config);
    await days.files({ 'obras-1.csv': csv('1;a;;;'), 'obras-2.csv': csv('2;b;;;') });
    await days.project.put('2026-11-02', 'obras-z.csv', csv('1;a;;;'));
    const run = await days.files({ 'obras-a.csv': csv('2;b;;;') });
    expect(run.status).toBe('unchanged');
  });

  it('may have different headers: columns in another order, one more, one less', async () => {
    await using days = await story(configOf(obras('match: ["obras*"]', 'unknown_columns: text')));
    const run = await days.files({
      'obras-1.csv': 'id;nome;extra\n1;a;x\n',
      'obras-2.csv': 'valor;id\n2,5;2\n',
      'obras-3.csv': 'outra;id;nome\ny;3;c\n',
    });
    expect(run.error).toBe(null);
    expect(run.datasets[0]!.counts).toEqual(counted({ read: 3, inserted: 3 }));
    expect(await days.rows('id, nome, valor, extra, outra')).toEqual([
      { id: '1', nome: 'a', valor: null, extra: 'x', outra: null },
      { id: '2', nome: null, valor: '2.50', extra: null, outra: null },
      { id: '3', nome: 'c', valor: null, extra: null, outra: 'y' },
    ]);
  });

  it.each([
    ['empty', 'id;nome\n', 'source-empty'],
    ['without its required column', 'nome;valor\na;1\n', 'header-missing'],
    ['of nothing', '', 'source-empty'],
  ])('fail together when a later one is %s', async (_, content, code) => {
    await using days = await story(configOf(obras('match: ["obras*"]'), ruas()));
    const run = await days.files({
      'obras-1.csv': csv('1;a;;;', '2;b;x;;'),
      'obras-2.csv': content,
      'ruas.csv': 'id;nome\n1;a\n',
    });
    expect(run).toMatchObject({ status: 'failed', exit_code: 7, error: { code, file: 'obras-2.csv' } });
    expect(run.datasets.map(({ name, status, stored }) => [name, status, stored])).toEqual([
      ['obras', 'failed', null],
      ['ruas', 'ready', null],
    ]);
    expect(datasetOf(run, 'ruas').counts).toEqual(counted({ read: 1, inserted: 1 }));
    expect(await days.project.query("SELECT to_regclass('obras') AS a, to_regclass('ruas') AS b")).toEqual([
      { a: null, b: null },
    ]);
    const mended = await days.files({
      'obras-1.csv': csv('1;a;;;', '2;b;x;;'),
      'obras-2.csv': csv('3;c;;;'),
      'ruas.csv': 'id;nome\n1;a\n',
    });
    expect(mended.exit_code).toBe(0);
    expect(datasetOf(mended, 'obras').counts).toMatchObject({ read: 3, inserted: 2, rejected: 1 });
  });
});

describe('a file that changes while it is read', () => {
  it.each([
    ['grows', (path: string) => appendFileSync(path, '9;z;;;\n')],
    ['is written anew', (path: string) => writeFileSync(path, csv('1;B;;;'))],
    ['goes away', (path: string) => rmSync(path)],
  ])('fails as such when it %s, and nothing is published', async (_, change) => {
    await using days = await story(configOf(obras()));
    const path = await days.project.put('2026-11-01', 'obras.csv', csv('1;a;;;'));
    const run = await days.project.run({
      date: '2026-11-01',
      onProgress: ({ phase }) => (phase === 'reading' ? change(path) : undefined),
    });
    expect(run).toMatchObject({ status: 'failed', exit_code: 7, error: { code: 'source-changed', file: 'obras.csv' } });
    expect(await days.project.query("SELECT to_regclass('obras') AS t")).toEqual([{ t: null }]);
  });
});

describe('two datasets', () => {
  it('may read one file', async () => {
    await using days = await story(configOf(obras('match: ["dados*"]'), ruas('match: ["dados*"]')));
    const run = await days.files({ 'dados.csv': csv('1;a;;;', '2;b;;;') });
    expect(run.datasets.map(({ name, stored }) => [name, stored])).toEqual([
      ['obras', 2],
      ['ruas', 2],
    ]);
  });

  it('that claim one file by different patterns are an error that names both', async () => {
    await using days = await story(configOf(obras('match: ["dados*x*"]'), ruas('match: ["*dadosx*"]')));
    const run = await days.files({ 'dadosx.csv': csv('1;a;;;') });
    expect(run).toMatchObject({ exit_code: 2, error: { code: 'file-ambiguous', file: 'dadosx.csv' } });
    expect(run.error!.message).toMatch(/obras.*ruas/);
  });

  it('are published together or not at all: one that is held holds the other', async () => {
    await using days = await story(configOf(obras('max_rejected_percent: 0'), ruas()));
    await days.files({ 'obras.csv': csv('1;a;;;'), 'ruas.csv': 'id;nome\n1;a\n' });
    const run = await days.files({ 'obras.csv': csv('1;a;x;;'), 'ruas.csv': 'id;nome\n1;b\n' });
    expect(run.exit_code).toBe(5);
    expect(datasetOf(run, 'ruas')).toMatchObject({ status: 'ready', counts: counted({ read: 1, updated: 1 }), stored: null });
    expect(await days.project.query('SELECT nome FROM ruas')).toEqual([{ nome: 'a' }]);
  });

  it('both tell their error; the exit code is the first of the order', async () => {
    await using days = await story(configOf(obras('max_rejected_percent: 0'), ruas()));
    const run = await days.files({ 'obras.csv': csv('1;a;x;;') });
    expect(run).toMatchObject({ exit_code: 7, status: 'failed', error: { code: 'source-missing' } });
    expect(run.datasets.map(({ error }) => error?.code)).toEqual(['rejects-over-budget', 'source-missing']);
    expect(run.datasets.map(({ status }) => status)).toEqual(['held', 'missing']);
  });
});

describe('--dataset', () => {
  it('loads a part and leaves the others as they are', async () => {
    await using days = await story(configOf(obras(), ruas()));
    const part = await days.files({ 'obras.csv': csv('1;a;;;'), 'ruas.csv': 'id;nome\n1;a\n' }, { datasets: ['ruas'] });
    expect(part).toMatchObject({ exit_code: 0, unexpected_files: [] });
    expect(part.datasets.map(({ name }) => name)).toEqual(['ruas']);
    expect(await days.project.query("SELECT to_regclass('obras') AS t")).toEqual([{ t: null }]);
    const rest = await days.project.run({ date: '2026-11-01' });
    expect(rest.datasets.map(({ name, status }) => [name, status])).toEqual([
      ['obras', 'loaded'],
      ['ruas', 'unchanged'],
    ]);
    expect((await days.lineage('1', 'ruas')).exists && (await days.lineage('1', 'obra')).exists).toBe(true);
  });

  it('refuses a name that is not configured, with the one that is near', async () => {
    await using days = await story(configOf(obras(), ruas()));
    const run = await days.files({ 'obras.csv': csv('1;a;;;') }, { datasets: ['obra'] });
    expect(run).toMatchObject({ exit_code: 2, error: { code: 'usage', hint: 'did you mean obras?' } });
  });
});

describe('a file that is not there', () => {
  it('is a warning where it is not required, and the table stays as it is', async () => {
    await using days = await story(configOf(obras(), ruas('expect: { required: false }')));
    await days.files({ 'obras.csv': csv('1;a;;;'), 'ruas.csv': 'id;nome\n1;a\n' });
    const run = await days.files({ 'obras.csv': csv('1;b;;;') });
    expect(run).toMatchObject({ exit_code: 0, status: 'success' });
    expect(datasetOf(run, 'ruas')).toMatchObject({ status: 'missing', counts: null, error: null });
    expect(run.alerts.map(({ code }) => code)).toEqual(['source-missing-optional']);
    expect(await days.project.query('SELECT count(*)::int AS n FROM ruas_live')).toEqual([{ n: 1 }]);
  });

  it('is not forgiven when it is there and empty', async () => {
    await using days = await story(configOf(obras(), ruas('expect: { required: false }')));
    const run = await days.files({ 'obras.csv': csv('1;b;;;'), 'ruas.csv': 'id;nome\n' });
    expect(run).toMatchObject({ exit_code: 7, error: { code: 'source-empty' } });
  });

  it('that matches nothing is reported', async () => {
    await using days = await story(configOf(obras()));
    const run = await days.files({ 'obras.csv': csv('1;b;;;'), 'notas.csv': 'x', 'leia-me.md': 'x' });
    expect(run).toMatchObject({ exit_code: 0, unexpected_files: ['leia-me.md', 'notas.csv'] });
    expect(run.alerts.map(({ code }) => code)).toEqual(['file-unexpected', 'file-unexpected']);
  });

  it('because its folder is not there is an error that names the newest one', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'));
    const run = await days.project.run({ date: '2026-11-09' });
    expect(run).toMatchObject({ exit_code: 7, error: { code: 'source-missing' } });
    expect(run.error!.hint).toContain('2026-11-01');
  });
});
