import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createFormat } from '../../src/alert/format.ts';
import { sayAlert } from '../../src/alert/say.ts';
import { databaseError } from '../../src/db/database-error.ts';
import { configOf, csv, obras, story } from '../run/story.ts';

const format = createFormat('pt-BR', 'America/Sao_Paulo');

/** What people read of an error, as it is in the alert of a run. */
function said(alert: { code: string; dataset: string | null; facts: Readonly<Record<string, unknown>>; message: string }) {
  const { text, next } = sayAlert(alert, 'pt-BR', format);
  return { text, next };
}

const rows = (count: number) => csv(...Array.from({ length: count }, (_, id) => `${id};a;1,50;2025;`));

/** What a day brings: its files, the keys of the dataset, and what is told of it. */
const days: readonly {
  readonly title: string;
  readonly files?: Readonly<Record<string, string | Buffer>>;
  readonly keys?: readonly string[];
  readonly text: string;
  readonly next?: RegExp;
}[] = [
  {
    title: 'no file of the dataset',
    files: { 'x.csv': rows(1) },
    text: 'nenhum arquivo corresponde ao conjunto obras; nada foi publicado',
  },
  { title: 'no folder of the day', text: '…/data/raw não tem a pasta 2026-12-02 (02/12/2026); nada foi publicado' },
  {
    title: 'no rows',
    files: { 'obras.csv': csv() },
    text: 'obras.csv tem o cabeçalho e nenhuma linha de dados; nada foi publicado',
  },
  { title: 'no bytes', files: { 'obras.csv': '' }, text: 'obras.csv está vazio; nada foi publicado' },
  {
    title: 'too few rows',
    files: { 'obras.csv': rows(2) },
    keys: ['expect: { min_rows: 1500 }'],
    text: 'obras tem 2 linhas; são esperadas pelo menos 1.500; nada foi publicado',
  },
  {
    title: 'an open quote',
    files: { 'obras.csv': csv('1;"a;1,50;2025;') },
    text: 'obras.csv: as aspas abertas na linha 2 não se fecham até o fim do arquivo; nada foi publicado',
  },
  {
    title: 'a download that was cut',
    files: { 'obras.csv.gz': gzipSync(rows(500)).subarray(0, 200) },
    text: 'obras.csv.gz acaba antes do fim: o download foi cortado; nada foi publicado',
  },
  {
    title: 'a web page, of which no word is told',
    files: { 'obras.csv': '<table><tr><td>Maria</td><td>52998224725</td></tr></table>' },
    text: 'obras.csv é uma página da web (HTML), não uma tabela: começa com <table>; nada foi publicado',
  },
  {
    title: 'JSON, of which no word is told',
    files: { 'obras.csv': '{"nome": "Maria"}' },
    text: 'obras.csv é JSON, não uma tabela: começa com {; nada foi publicado',
  },
  {
    title: 'a lost column',
    files: { 'obras.csv': 'codigo;nome;valor\n1;a;1,50\n' },
    text: 'obras.csv: a linha 1, que parece ser o cabeçalho, não tem id; nada foi publicado',
    next: /^se ela mudou de nome/,
  },
  {
    title: 'a column that nobody declared',
    files: { 'obras.csv': 'id;nome;valor;ano;dia;NOVA\n1;a;1;2025;;x\n' },
    keys: ['unknown_columns: fail'],
    text: 'obras.csv, linha 1: colunas não declaradas: NOVA; nada foi publicado',
  },
  {
    title: 'too many rejects',
    files: { 'obras.csv': csv('1;a;1,50;2025;', '2;a;Maria;2025;', '3;a;1;2025;') },
    keys: ['max_rejected_percent: 1'],
    text: '1 de 3 linhas foram rejeitadas (33,3 %); o limite é 1 %; a primeira: obras.csv, linha 3, coluna valor; nada foi publicado',
    next: /projetus quarantine list/,
  },
];

describe('in Portuguese, a run that fails says what happened', () => {
  it('with the names and numbers of the day, and no English', async () => {
    await using told = await story(configOf(obras()));
    const { project } = told;
    await mkdir(join(project.folder, 'data/raw/2026-12-01'), { recursive: true });
    for (const [index, { title, files = {}, keys = [], text, next = /./ }] of days.entries()) {
      const date = `2026-12-${String(index + 1).padStart(2, '0')}`;
      await project.configure(configOf(obras(...keys)));
      for (const [name, content] of Object.entries(files)) await project.put(date, name, content);
      const report = await project.run({ date });
      const alert = report.alerts.find(({ severity }) => severity === 'critical');
      const read = said({ facts: {}, code: 'none', dataset: null, message: title, ...alert });
      expect.soft(read.text.replace(project.folder, '…'), title).toBe(text);
      expect.soft(read.next, title).toMatch(next);
      if (Object.keys(files).length === 0) await rm(join(project.folder, 'data/raw', date), { recursive: true, force: true });
    }
  });

  it('with an older date, a table that differs, and the statements that mend it', async () => {
    await using told = await story(configOf(obras()));
    const { project } = told;
    const second = await told.files({ 'obras.csv': rows(3) }, { date: '2026-11-01' });
    expect(second.exit_code).toBe(0);
    await project.put('2026-10-31', 'obras.csv', rows(2));
    const [older] = (await project.run({ date: '2026-10-31' })).alerts;
    expect(said(older!).text).toBe('obras: 31/10/2026 é anterior a 01/11/2026, que já foi publicado; nada foi publicado');
    await project.put('2026-11-02', 'obras.csv', rows(4));
    await project.configure(configOf(obras('key: [nome]')));
    const { alerts } = await project.run({ date: '2026-11-02' });
    const refused = alerts.find(({ code }) => code === 'ddl-refused')!;
    expect(said(refused)).toEqual({
      text: 'a chave de obras não é a da tabela que existe; nada foi publicado',
      next: expect.stringMatching(
        /^uma pessoa precisa decidir e executar no banco: ALTER TABLE "obras" RENAME TO "obras_old"; DROP/,
      ),
    });
  });

  it.each([
    ['ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:5432', 'nada responde em 10.0.0.1:5432'],
    ['ENOTFOUND', 'getaddrinfo ENOTFOUND banco.exemplo', 'o servidor banco.exemplo não foi encontrado na rede'],
    [undefined, 'Connection terminated unexpectedly', 'a conexão caiu'],
    ['28P01', 'password authentication failed for user "ana"', 'a senha do usuário ana foi recusada'],
    ['3D000', 'database "obras" does not exist', 'o banco obras não existe'],
    ['42501', 'permission denied for table obras', 'o usuário de DATABASE_URL não tem permissão para obras'],
    ['55P03', 'canceling statement due to lock timeout', 'outra sessão segura uma tabela'],
    ['57014', 'canceling statement due to statement timeout', 'um comando passou do limite de tempo'],
  ])('of a database: %s', (code, message, text) => {
    const error = databaseError(Object.assign(new Error(message), { code }));
    const facts = { message: error.message, hint: error.hint, file: null, line: null };
    expect(said({ code: error.code, dataset: null, facts, message: error.message }).text).toBe(`${text}; nada foi publicado`);
  });

  it('in English where it has no sentence for it, which it says', () => {
    const facts = { message: 'Something odd.', hint: null, file: 'obras.csv', line: 1234 };
    expect(said({ code: 'source-unreadable', dataset: 'obras', facts, message: '' }).text).toBe(
      'nada foi publicado. Detalhe, em inglês: obras.csv, linha 1.234: Something odd.',
    );
  });
});

it('a value that the database refuses is not in the error', () => {
  const error = databaseError(
    Object.assign(new Error('invalid input syntax for type date: "Maria "Canária""'), { code: '22007' }),
  );
  expect(error).toMatchObject({
    code: 'unexpected',
    message: expect.stringContaining('type date: "…" (SQLSTATE 22007)') as string,
  });
});
