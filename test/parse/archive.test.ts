import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { openArchive } from '../../src/parse/archive.ts';
import { readAll, sourceFile } from '../support/source-files.ts';
import { zipFile } from '../support/zip-files.ts';

const csv = 'id;nome\n1;São João\n';
const zip = (...names: string[]): Buffer => zipFile(names.map((name) => ({ name, data: name.endsWith('/') ? '' : csv })));

describe('a zip', () => {
  const found: [string, string[], string | null, string][] = [
    ['the only data file', ['dados.csv'], null, 'dados.csv'],
    ['the only data file beside others', ['leia-me.pdf', 'pasta/', 'pasta/dados.TXT'], null, 'pasta/dados.TXT'],
    ['no litter of macOS and Windows', ['__MACOSX/._a.csv', '._a.csv', 'a.csv', '.DS_Store', 'Thumbs.db'], null, 'a.csv'],
    ['the member named by its path', ['a/x.csv', 'b/x.csv'], 'b/x.csv', 'b/x.csv'],
    ['the member named by its file name', ['a/x.csv', 'y.csv'], 'x.csv', 'a/x.csv'],
    ['the member named without accents', ['Emendas.csv', 'Propostas Ação.csv'], 'propostas acao.csv', 'Propostas Ação.csv'],
    ['a named member of whatever ending', ['dados', 'a.csv'], 'dados', 'dados'],
  ];
  test.each(found)('gives %s', async (_, names, member, expected) => {
    const archive = await openArchive(await sourceFile('a.zip', zip(...names)), 'zip', member);
    expect(archive.member).toBe(expected);
    expect((await readAll(archive.read())).toString()).toBe(csv);
  });

  const refused: [string, string[], string | null, RegExp, RegExp][] = [
    ['two data files', ['a.csv', 'b.csv'], null, /several data files.*a\.csv, b\.csv/, /member: "a\.csv"/],
    ['none', ['a.pdf'], null, /no data file.*a\.pdf/, /member/],
    ['nothing at all', [], null, /empty/, /pack one/],
    ['no such member', ['a.csv'], 'b.csv', /not one file named "b.csv"/, /member: "a\.csv"/],
    ['a name that two members have', ['a/x.csv', 'b/x.csv'], 'x.csv', /not one file/, /member/],
    ['a workbook', ['a.xlsx'], null, /no data file.*a\.xlsx/, /unzip/],
    ['a workbook by name', ['a.xlsx', 'a.csv'], 'a.xlsx', /a\.xlsx/, /unzip/],
  ];
  test.each(refused)('is refused with %s', async (_, names, member, message, hint) => {
    const opened = openArchive(await sourceFile('a.zip', zip(...names)), 'zip', member);
    await expect(opened).rejects.toMatchObject({
      code: 'member-uncertain',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  test('is read anew each time', async () => {
    const archive = await openArchive(await sourceFile('a.zip', zip('a.csv')), 'zip', null);
    for (let time = 0; time < 2; time++) expect((await readAll(archive.read())).toString()).toBe(csv);
  });

  test('can be left in the middle', async () => {
    const large = zipFile([{ name: 'a.csv', data: `${csv.repeat(200_000)}${Math.random()}` }]);
    const archive = await openArchive(await sourceFile('a.zip', large), 'zip', null);
    for await (const chunk of archive.read()) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
  });
});

describe('a gzip file', () => {
  const open = async (bytes: Buffer, name = 'dados.csv.gz', member: string | null = null) =>
    openArchive(await sourceFile(name, bytes), 'gz', member);

  test('gives its content under its own name', async () => {
    const archive = await open(gzipSync(csv));
    expect(archive.member).toBe('dados.csv');
    expect((await readAll(archive.read())).toString()).toBe(csv);
  });

  test('of several parts is read to its end', async () => {
    const archive = await open(Buffer.concat([gzipSync(csv), gzipSync('2;b\n')]));
    expect((await readAll(archive.read())).toString()).toBe(`${csv}2;b\n`);
  });

  test.each([10, 20, 30, 40, 50, 60, 70, 80, 90, 99])('cut at %i percent is truncated', async (percent) => {
    const whole = gzipSync(Array.from({ length: 300 }, (_, index) => `${index * 7919};nome`).join('\n'));
    const archive = await open(whole.subarray(0, Math.floor((whole.length * percent) / 100)));
    await expect(readAll(archive.read())).rejects.toMatchObject({ code: 'source-truncated', file: 'dados.csv.gz' });
  });

  test('with a wrong checksum is unreadable', async () => {
    const whole = gzipSync(csv);
    whole[whole.length - 6]! ^= 1;
    await expect(readAll((await open(whole)).read())).rejects.toMatchObject({ code: 'source-unreadable' });
  });

  test('that is a bomb is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024));
    await expect(readAll((await open(bomb)).read())).rejects.toMatchObject({ code: 'source-bomb' });
  });

  test('that is not there is unreadable', async () => {
    const archive = await openArchive({ path: '/nowhere/a.csv.gz', name: 'a.csv.gz' }, 'gz', null);
    await expect(readAll(archive.read())).rejects.toMatchObject({ code: 'source-unreadable' });
  });

  const refused: [string, string | null][] = [
    ['dados.tar.gz', null],
    ['dados.xlsx.gz', null],
    ['dados.csv.gz', 'outro.csv'],
  ];
  test.each(refused)('%s with member %s is refused', async (name, member) => {
    await expect(open(gzipSync(csv), name, member)).rejects.toMatchObject({ code: 'member-uncertain' });
  });
});
