import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typeName } from '../../src/core/dataset.ts';
import { datasetFromText } from '../../src/guess/dataset-from-text.ts';
import { guessBlock } from '../../src/guess/guess-block.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'projetus-guess-'))));
afterAll(() => rm(folder, { recursive: true }));

const signal = new AbortController().signal;

async function guessOf(content: string | Buffer, name = 'obras_2026-11-20.csv') {
  const path = join(folder, basename(name));
  await writeFile(path, content);
  const { text, trial } = await guessBlock({ path, name: basename(name) }, signal);
  const dataset = datasetFromText(text);
  const types = Object.fromEntries(
    dataset.columns.map(({ name, type, keywords }) => [name, `${typeName(type)}${keywords.format ? ` ${keywords.format}` : ''}`]),
  );
  return { text, trial, dataset, types };
}

/** One column under a header, beside a key, and what it is taken for. */
const columns = [
  { header: 'ID_PROGRAMA', values: ['17', '18', '190'], type: 'text', why: 'named as an identifier' },
  { header: 'QTD', values: ['17', '-3', '0'], type: 'integer' },
  { header: 'Lote', values: ['007', '12', '1'], type: 'text', why: 'zeros in front' },
  { header: 'VALOR', values: ['10', '20', '30'], type: 'decimal(18,2)', why: 'named as an amount' },
  { header: 'Nota', values: ['1,5', '2,25', '3'], type: 'decimal(18,2)' },
  { header: 'Taxa', values: ['0,300000000001', '1', '2'], type: 'decimal(38,18)' },
  { header: 'Início', values: ['31/12/2025', '01/02/2026', ''], type: 'date' },
  { header: 'Quando', values: ['31/12/2025 09:15:00', '01/02/2026 10:00:00', ''], type: 'timestamp' },
  { header: 'Ativo', values: ['SIM', 'NÃO', 'SIM'], type: 'boolean' },
  { header: 'UF', values: ['SP', 'RJ', 'AC'], type: 'text uf' },
  { header: 'Proponente', values: ['00394460000141', '00.394.460/0001-41', ''], type: 'text cnpj' },
  { header: 'CPF', values: ['52998224725', '529.982.247-25', ''], type: 'text cpf' },
  { header: 'Obs', values: ['', '', ''], type: 'text', why: 'no row has a value' },
  { header: 'Fim', values: ['31/12/2025', 'em aberto', '1/1/2026'], type: 'text' },
  { header: 'Saldo', values: ['#N/D', '1,00', '-'], type: 'decimal(18,2)' },
];

describe('a guess', () => {
  it.each(columns)('takes $values under $header for $type', async ({ header, values, type, why = '' }) => {
    const rows = values.map((value, index) => `k${index};${value};x${index}`);
    const { text, types, trial } = await guessOf(`Chave;${header};Texto\n${rows.join('\n')}\n`);
    expect(Object.values(types)[1]).toBe(type);
    expect(text).toContain(why);
    expect(trial).toMatchObject({ read: 3, rejected: 0 });
  });

  it('marks every line that it guessed', async () => {
    const { text } = await guessOf('ID;VALOR;UF\n1;1,50;SP\n2;2,00;RJ\n');
    const lines = text.split('\n').filter((line) => line !== '' && !/^\s*#/.test(line) && line !== '  columns:');
    for (const line of lines) expect(line).toMatch(/ # guessed/);
    expect(text).toMatch(/encoding utf-8: .*\n.*delimiter ";": .*\n.*header row 1: /);
  });

  it.each([
    { title: 'an identifier', csv: 'NOME;ID\na;1\nb;2\na;3\n', key: ['id'] },
    { title: 'the first column', csv: 'Rótulo;Total\na;1\nb;1\nc;1\n', key: ['rotulo'] },
    { title: 'two columns together', csv: 'ID_A;ID_B\n1;1\n1;2\n2;1\n', key: ['id_a', 'id_b'] },
    { title: 'the content, where rows are equal', csv: 'ID;UF\n1;SP\n1;SP\n2;RJ\n', key: 'content' },
    { title: 'the content, where the key is blank in between', csv: 'ID;UF\n1;SP\n;SP\n2;RJ\n', key: 'content' },
    { title: 'a column that only the totals row lacks', csv: 'ID;VALOR\n1;1,00\n2;2,00\n;3,00\n', key: ['id'] },
  ])('takes $title for the key', async ({ csv, key }) => {
    expect((await guessOf(csv)).dataset.key).toEqual(key);
  });

  it.each([
    { title: 'commas', values: ['1.234,50', '1.234', '7,00'], decimal: ',', type: 'decimal(18,2)' },
    { title: 'points', values: ['1234.50', '7.25', '1'], decimal: '.', type: 'decimal(18,2)' },
    { title: 'both', values: ['1234,50', '65574.68', '1'], decimal: 'auto', type: 'decimal(18,2)' },
    { title: 'neither for sure', values: ['1.234', '2.500', '1'], decimal: 'auto', type: 'decimal(38,18)' },
  ])('sets the decimal sign for numbers with $title', async ({ values, decimal, type }) => {
    const { dataset, types } = await guessOf(`ID;VALOR\n${values.map((value, index) => `${index};${value}`).join('\n')}\n`);
    expect({ decimal: dataset.format.decimal, type: types['valor'] }).toEqual({ decimal, type });
  });

  it('finds a header below title rows again', async () => {
    const { trial, dataset } = await guessOf('Relatório;;\n;;\nID;NOME;VALOR\n1;a;1,5\n2;b;2,5\n');
    expect(trial).toMatchObject({ headerRow: 3, read: 2, rejected: 0 });
    expect(dataset.key).toEqual(['id']);
  });

  it('allows for the rows that are broken, and says so', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => `${index};a;b`);
    const { dataset, text, trial } = await guessOf(`ID;A;B\n${rows.join('\n')}\n99;x\n`);
    expect(trial).toMatchObject({ read: 51, rejected: 1 });
    expect(dataset.maxRejectedPercent).toBe(2);
    expect(text).toMatch(/max_rejected_percent: 2 # guessed: .*of 51 rows/);
  });

  it('leaves out columns that share a name', async () => {
    const { types, text } = await guessOf('ID;VALOR;VALOR;Obs;OBS\n1;2;3;a;b\n2;3;4;c;d\n');
    expect(Object.keys(types)).toEqual(['id', 'obs']);
    expect(text).toContain('# left out: VALOR: several columns have this name');
    expect(text).toContain('# left out: OBS: a column before it has nearly the same name');
  });

  it.each([
    { file: 'siconv_obra_2026-11-20.csv', name: 'siconv_obra', other: 'siconv_obra_2027-01-02.csv' },
    { file: 'Gestão de Convênios (3).csv', name: 'gestao_de_convenios', other: 'gestao de convenios (12).csv' },
    { file: '2026.csv', name: 'dados', other: '2027.csv' },
    { file: 'null.csv', name: 'null', other: 'null.csv' },
    { file: '[a]{b}!*?.csv', name: 'a_b', other: '[a]{b}!*?.csv' },
  ])('names the dataset after $file, and matches $other', async ({ file, name, other }) => {
    const { claims } = await import('../../src/source/match.ts');
    const { dataset } = await guessOf('ID;A\n1;2\n2;3\n', file);
    expect(dataset.name).toBe(name);
    expect(claims(file, [dataset])).toHaveLength(1);
    expect(claims(other, [dataset])).toHaveLength(1);
  });

  it.each([
    "it's",
    '"quoted"',
    'a: b # c',
    '${DATABASE_URL}',
    'x\u0085y\u2028z',
    '\u202eevil',
    '- name: other',
    '\u001b[31mred',
    '*alias &anchor !tag',
    '😀',
    '%',
  ])('stays one valid block under the header %j', async (header) => {
    const cell = `"${header.replaceAll('"', '""')}"`;
    const { text, dataset } = await guessOf(`ID,${cell}\n1,x\n2,y\n`, `a\u0085# ${'b'.repeat(5)}.csv`);
    expect(dataset.columns.length).toBeGreaterThanOrEqual(1);
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
    expect(text.match(/^- name: /gm)).toHaveLength(1);
  });

  it.each([
    { title: 'a header without rows', content: 'ID;A\n', code: /source-empty/ },
    { title: 'nothing', content: '', code: /source-|header-|dialect-/ },
    { title: 'a web page', content: '<!DOCTYPE html><html></html>', code: /source-/ },
  ])('is refused for $title', async ({ content, code }) => {
    await expect(guessOf(content)).rejects.toMatchObject({ code: expect.stringMatching(code) as string });
  });

  it('is refused for a file that is not there', async () => {
    await expect(guessBlock({ path: join(folder, 'no.csv'), name: 'no.csv' }, signal)).rejects.toMatchObject({
      code: 'source-unreadable',
    });
  });
});
