import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { rowsWithXmin } from '../support/project.ts';
import { configOf, counted, csv, entry, obras, story } from '../run/story.ts';

describe('the table of a dataset', () => {
  it('may have columns of a person, whatever they are called: they are blank where unknown columns are loaded', async () => {
    await using days = await story(configOf(entry('obras', ['key: [id]', 'max_vanished_percent: 100'])));
    await days.day('id;nome\n1;a\n');
    await days.project.query(
      `ALTER TABLE obras ADD COLUMN "valor.total" numeric DEFAULT 7, ADD COLUMN " k ""q" text DEFAULT 'x'`,
    );
    const { run, counts } = await days.day('id;nome\n1;b\n');
    expect(run.error).toBe(null);
    expect(counts).toEqual(counted({ read: 1, updated: 1 }));
    expect(await days.rows('nome, "valor.total" AS total, _changes')).toEqual([
      {
        nome: 'b',
        total: null,
        _changes: { nome: { from: 'a', to: 'b' }, 'valor.total': { from: '7', to: null }, ' k "q': { from: 'x', to: null } },
      },
    ]);
  });

  it('is made in the declared order, with the types of the configuration, its key and its indexes', async () => {
    await using days = await story(configOf(obras('indexes: [[ano], [nome, dia]]')));
    const first = await days.day(csv('1;a;1;2025;01/02/2025'));
    const columns = await days.project.query(
      "SELECT attname || ' ' || format_type(atttypid, atttypmod) AS c FROM pg_attribute WHERE attrelid = 'obras'::regclass AND attnum > 0 ORDER BY attnum",
    );
    expect(columns.map((row) => row['c'])).toEqual([
      'id text',
      'nome text',
      'valor numeric(18,2)',
      'ano bigint',
      'dia date',
      '_hash bytea',
      '_source_id bigint',
      '_row integer',
      '_raw bytea',
      '_operation text',
      '_changes jsonb',
      '_vanished_at timestamp with time zone',
    ]);
    const indexes = await days.project.query("SELECT indexdef FROM pg_indexes WHERE tablename = 'obras' ORDER BY indexdef");
    expect(indexes.map((row) => String(row['indexdef']).replace(/.*USING/, ''))).toEqual([
      ' btree (ano)',
      ' btree (nome, dia)',
      ' btree (id)',
    ]);
    expect(first.run.ddl.map((statement) => statement.split(' ').slice(0, 3).join(' '))).toEqual([
      'CREATE TABLE "obras"',
      'ALTER TABLE "obras"',
      'CREATE INDEX ON',
      'CREATE INDEX ON',
      'CREATE OR REPLACE',
      'CREATE OR REPLACE',
    ]);
  });

  it('is left alone when nothing about it changes', async () => {
    await using days = await story(configOf(obras('indexes: [[ano], [nome, dia]]')));
    await days.day(csv('1;a;;;'));
    expect((await days.day(csv('1;b;;;'))).run.ddl).toEqual([]);
  });

  it('gets a column that the configuration declares later; old hashes stay', async () => {
    await using days = await story(configOf(obras()));
    const with_uf = (yaml: string) => yaml.replace('{ id: {},', '{ uf: {}, id: {},');
    await days.day('id;nome;uf\n1;a;PB\n2;b;\n');
    await days.project.configure(with_uf(configOf(obras())));
    const second = await days.again();
    expect(second.run.ddl).toEqual([
      'ALTER TABLE "obras" ADD COLUMN "uf" text',
      'CREATE OR REPLACE VIEW "obras_live" AS SELECT "id", "nome", "valor", "ano", "dia", "uf" FROM "obras" WHERE _vanished_at IS NULL',
    ]);
    expect(second.counts).toEqual(counted({ read: 2, updated: 1, unchanged: 1 }));
    expect((await days.lineage('1')).versions[1]).toMatchObject({ changes: { uf: { from: null, to: 'PB' } } });
    expect(await days.project.query('SELECT id, uf FROM obras_live ORDER BY id')).toEqual([
      { id: '1', uf: 'PB' },
      { id: '2', uf: null },
    ]);
  });

  it('gets the columns that the file brings where unknown columns are text, and blanks those that the file loses', async () => {
    await using days = await story(configOf(obras('unknown_columns: text')));
    await days.day('id;nome;Área\n1;a;10\n2;b;\n');
    const second = await days.day('id;nome;Bairro\n1;a;Centro\n2;b;\n');
    expect(second.run.ddl[0]).toBe('ALTER TABLE "obras" ADD COLUMN "bairro" text');
    expect(second.counts).toEqual(counted({ read: 2, updated: 1, unchanged: 1 }));
    expect((await days.lineage('1')).versions[1]).toMatchObject({
      changes: { area: { from: '10', to: null }, bairro: { from: null, to: 'Centro' } },
    });
    expect(await days.rows('id, area, bairro')).toEqual([
      { id: '1', area: null, bairro: 'Centro' },
      { id: '2', area: null, bairro: null },
    ]);
    const third = await days.day('id;nome;Área\n1;a;10\n2;b;\n');
    expect(third.counts).toEqual(counted({ read: 2, updated: 1, unchanged: 1 }));
  });

  it('keeps what a column holds that was taken out of the configuration', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1;2025;'));
    await days.project.configure(configOf(obras()).replace('ano: { type: integer }, ', ''));
    const second = await days.again();
    expect(second.run).toMatchObject({ exit_code: 0, ddl: [] });
    expect(await days.rows('id, ano')).toEqual([{ id: '1', ano: '2025' }]);
  });

  it('gets an index that is declared later, and none that a person has made already', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'));
    await days.project.query('CREATE INDEX by_hand ON obras (nome)');
    await days.project.configure(configOf(obras('indexes: [[nome], [ano]]')));
    expect((await days.again()).run.ddl).toEqual(['CREATE INDEX ON "obras" ("ano")']);
  });

  it('gets its live view again when that is gone', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;;;'));
    await days.project.query('DROP VIEW obras_live');
    const second = await days.day(csv('1;b;;;'));
    expect(second.run.ddl).toEqual([expect.stringMatching(/VIEW "obras_live"/)]);
  });

  it('is not touched by a held run: its DDL comes with the rows', async () => {
    await using days = await story(configOf(obras('unknown_columns: text', 'max_rejected_percent: 0')));
    await days.day(csv('1;a;;;'));
    const held = await days.day('id;nova;ano\n1;x;2025\n2;y;abc\n');
    expect(held.run).toMatchObject({ exit_code: 5, ddl: [] });
    expect(await days.project.query("SELECT FROM pg_attribute WHERE attrelid = 'obras'::regclass AND attname = 'nova'")).toEqual(
      [],
    );
  });
});

/** What the hint tells a person to run. */
const statementOf = (hint: string | null) => hint!.slice(hint!.search(/\b(DROP|ALTER)\b/));

describe('what only a person may change', () => {
  it.each([
    ['nome: {}', 'nome: { type: integer }', '1;7;1;;', 'TYPE bigint'],
    ['id: {}', 'id: { type: integer }', '1;7;1;;', 'TYPE bigint'],
    ['"decimal(18,2)"', '"decimal(10,1)"', '1;7;1;;', 'TYPE numeric(10,1)'],
    ['dia: { type: date }', 'dia: { type: timestamp }', '1;7;1;;01/02/2025', 'TYPE timestamp without time zone'],
  ])('is a type: %s to %s is refused with the SQL, which works', async (from, to, line, sql) => {
    await using days = await story(configOf(obras()));
    await days.day(csv(line));
    await days.project.configure(configOf(obras()).replace(from, to));
    const refused = await days.again();
    expect(refused.run).toMatchObject({ exit_code: 2, status: 'failed', error: { code: 'ddl-refused' } });
    expect(refused.run.error!.hint).toContain(sql);
    await days.project.query(statementOf(refused.run.error!.hint));
    const done = await days.again();
    expect(done.run).toMatchObject({ exit_code: 0, error: null });
    expect(done.counts!.updated + done.counts!.unchanged).toBe(1);
    expect(await days.project.query('SELECT count(*)::int AS n FROM obras_live')).toEqual([{ n: 1 }]);
    expect((await days.lineage('1')).exists).toBe(true);
  });

  it.each([
    ['another column', 'key: [id]', 'key: [nome]'],
    ['more columns', 'key: [id]', 'key: [id, nome]'],
    ['fewer columns', 'key: [id, nome]', 'key: [id]'],
    ['other columns', 'key: [id, nome]', 'key: [id, ano]'],
    ['its columns in another order', 'key: [id, nome]', 'key: [nome, id]'],
    ['the content', 'key: [id, nome]', 'key: content'],
    ['columns instead of the content', 'key: content', 'key: [id, nome]'],
  ])('is the key: %s instead is refused, and the SQL of the hint makes way', async (_, from, to) => {
    await using days = await story(configOf(obras(from, 'indexes: [[ano]]')));
    await days.day(csv('1;a;;7;', '2;b;;8;'));
    const before = await rowsWithXmin(days.project, ['obras', 'datasets']);
    await days.project.configure(configOf(obras(to, 'indexes: [[ano]]')));
    const refused = await days.day(csv('1;a;;7;', '3;c;;8;'));
    expect(refused.run).toMatchObject({ exit_code: 2, error: { code: 'ddl-refused' } });
    expect(await rowsWithXmin(days.project, ['obras', 'datasets'])).toEqual(before);
    await days.project.query(statementOf(refused.run.error!.hint));
    const done = await days.again();
    expect(done.run).toMatchObject({ exit_code: 0, error: null });
    expect(done.counts).toEqual(counted({ read: 2, inserted: 2 }));
    expect(await days.project.query('SELECT count(*)::int AS n FROM obras_old')).toEqual([{ n: 2 }]);
  });

  it('is a table of somebody else: it is not touched, and the SQL of the hint makes way', async () => {
    await using days = await story(configOf(obras()));
    await days.project.query('CREATE TABLE obras (id text PRIMARY KEY, nome text)');
    await days.project.query("INSERT INTO obras VALUES ('x', 'y')");
    const refused = await days.day(csv('1;a;;;'));
    expect(refused.run).toMatchObject({ exit_code: 2, error: { code: 'ddl-refused' } });
    expect(refused.run.error!.message).toMatch(/not made by projetus/);
    await days.project.query(statementOf(refused.run.error!.hint));
    expect((await days.again()).run.exit_code).toBe(0);
    expect(await days.project.query('SELECT * FROM obras_old')).toEqual([{ id: 'x', nome: 'y' }]);
  });

  it('is told for every dataset, and the others are not loaded either', async () => {
    await using days = await story(configOf(obras(), entry('ruas', ['key: [id]', 'columns: { id: {} }'])));
    await days.project.query('CREATE TABLE obras (id text)');
    const run = await days.files({ 'obras.csv': csv('1;a;;;'), 'ruas.csv': 'id\n1\n' });
    expect(run.exit_code).toBe(2);
    expect(run.datasets.map(({ status }) => status)).toEqual(['failed', 'ready']);
    expect(await days.project.query("SELECT to_regclass('ruas') AS t")).toEqual([{ t: null }]);
  });
});

describe('somebody who holds a lock', () => {
  // Each waits for the lock timeout of 10 s: they run side by side.
  it.concurrent.each([
    ['a reader, when a column is added', 'BEGIN; SELECT * FROM obras', 'id;nome;nova\n1;b;x\n'],
    ['a writer of the row that changes', "BEGIN; UPDATE obras SET ano = 1 WHERE id = '1'", 'id;nome\n1;b\n'],
    ['of the whole table, before anything is read', 'BEGIN; LOCK TABLE obras', 'id;nome\n1;b\n'],
  ])('%s, ends the run with 75 after ten seconds, and nothing has changed', async (_, statement, content) => {
    await using days = await story(configOf(obras('unknown_columns: text')));
    await days.day('id;nome\n1;a\n');
    const before = await rowsWithXmin(days.project, ['obras', 'lineage_history', 'datasets']);
    const other = new Client({ connectionString: days.project.databaseUrl });
    await other.connect();
    await other.query(statement);
    const started = performance.now();
    const run = await days.files({ 'obras.csv': content });
    const waitedMs = performance.now() - started;
    await other.query('ROLLBACK');
    await other.end();
    expect(run).toMatchObject({ exit_code: 75, status: 'failed', error: { code: 'database-timeout' }, ddl: [] });
    expect(waitedMs).toBeLessThan(20_000);
    expect(await rowsWithXmin(days.project, ['obras', 'lineage_history', 'datasets'])).toEqual(before);
    expect(await days.project.query('SELECT status, exit_code FROM runs ORDER BY started_at DESC LIMIT 1')).toEqual([
      { status: 'failed', exit_code: 75 },
    ]);
    expect((await days.again()).run.exit_code).toBe(0);
  });
});
