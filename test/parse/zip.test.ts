import { describe, expect, test } from 'vitest';
import { findEntry, openZip, readWhole, zipKind } from '../../src/parse/zip.ts';
import { sourceFile } from '../support/source-files.ts';
import { xlsxFile } from '../support/xlsx-files.ts';
import { zipFile, type ZipMember, type ZipOptions } from '../support/zip-files.ts';

async function readMember(bytes: Buffer, name: string, maxBytes = 1e9): Promise<string> {
  const file = await sourceFile('a.zip', bytes);
  await using zip = await openZip(file);
  return (await readWhole(zip, findEntry(zip, name)!, maxBytes)).toString();
}

describe('reads an entry', () => {
  const cases: [string, Partial<ZipMember>, ZipOptions][] = [
    ['that is deflated', {}, {}],
    ['that is stored', { method: 0 }, {}],
    ['whose sizes stand behind the data', { flags: 8 }, {}],
    ['of a zip64 archive', {}, { isZip64: true }],
    ['that is empty', { data: '' }, {}],
    ['of several chunks', { data: 'ção;'.repeat(300_000) }, {}],
  ];
  test.each(cases)('%s', async (_, change, options) => {
    const member = { name: 'pasta/ação.csv', data: 'id;nome\n1;São João\n', ...change };
    expect(await readMember(zipFile([member], options), member.name)).toBe(member.data);
  });
});

describe('refuses', () => {
  const data = 'id;nome\n'.repeat(1000);
  const zeros = Buffer.alloc(70 * 1024 * 1024);
  const cases: [string, Partial<ZipMember>, string, RegExp][] = [
    ['an encrypted entry', { flags: 1 }, 'source-encrypted', /password/],
    ['a strongly encrypted entry', { flags: 0x41 }, 'source-encrypted', /password/],
    ['a wrong CRC-32', { crc: 1 }, 'source-unreadable', /CRC-32/],
    ['more bytes than declared', { declaredBytes: 10 }, 'source-unreadable', /size/],
    ['fewer bytes than declared', { declaredBytes: 99_999 }, 'source-unreadable', /size/],
    ['a method that it does not know', { method: 9 }, 'source-unreadable', /method 9/],
    ['a name that leads out', { name: '../a.csv' }, 'source-unsafe', /leads out/],
    ['an absolute name', { name: '/etc/a.csv' }, 'source-unsafe', /leads out/],
    ['a link', { mode: 0o120777 }, 'source-unsafe', /link/],
    ['a bomb', { data: zeros }, 'source-bomb', /inflates/],
    ['a bomb whose directory lies about its size', { data: zeros, declaredBytes: 1000 }, 'source-unreadable', /size/],
  ];
  test.each(cases)('%s', async (_, change, code, message) => {
    const member = { name: 'a.csv', data, ...change };
    await expect(readMember(zipFile([member]), member.name)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      file: 'a.zip',
    });
  });

  test('an entry beyond the limit that the reader sets', async () => {
    await expect(readMember(zipFile([{ name: 'a.csv', data }]), 'a.csv', 100)).rejects.toMatchObject({ code: 'source-bomb' });
  });

  test('two entries of one name', async () => {
    const twice = zipFile([
      { name: 'a.csv', data: '1' },
      { name: 'a.csv', data: '2' },
    ]);
    await expect(readMember(twice, 'a.csv')).rejects.toMatchObject({ code: 'source-unsafe' });
  });

  test('an archive of more than 10,000 entries', async () => {
    const many = zipFile(Array.from({ length: 10_001 }, (_, index) => ({ name: `${index}`, data: '', method: 0 })));
    await expect(readMember(many, '0')).rejects.toMatchObject({ code: 'source-bomb' });
  });

  test('a file that is not there', async () => {
    await expect(openZip({ path: '/nowhere/a.zip', name: 'a.zip' })).rejects.toMatchObject({ code: 'source-unreadable' });
  });

  test.each([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99])('an archive cut at %i percent', async (percent) => {
    const whole = zipFile([{ name: 'a.csv', data: 'id;nome\n1;ação\n' }]);
    const cut = whole.subarray(0, Math.floor((whole.length * percent) / 100));
    await expect(readMember(cut, 'a.csv')).rejects.toMatchObject({ code: 'source-truncated' });
  });

  test('an entry whose data is cut though the directory is whole', async () => {
    const whole = zipFile([{ name: 'a.csv', data: 'ação;'.repeat(50) + 'x'.repeat(3000) }]);
    whole.fill(0xff, 40, 50);
    await expect(readMember(whole, 'a.csv')).rejects.toMatchObject({ code: 'source-unreadable' });
  });
});

describe('tells what an archive is', () => {
  const binary = '<Types><Override ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>';
  // SheetJS writes this default into every .xlsx.
  const sheetJs = `<Types><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>
    <Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`;
  const cases: [string, Buffer][] = [
    ['xlsx', xlsxFile({ sheets: [{ name: 'a' }] })],
    ['xlsx', zipFile([{ name: '[Content_Types].xml', data: sheetJs }])],
    ['xlsb', zipFile([{ name: '[Content_Types].xml', data: binary }])],
    ['ods', zipFile([{ name: 'mimetype', data: 'application/vnd.oasis.opendocument.spreadsheet', method: 0 }])],
    ['archive', zipFile([{ name: 'a.csv', data: '' }])],
    ['archive', zipFile([])],
  ];
  test.each(cases)('%s', async (kind, bytes) => {
    expect(await zipKind(await sourceFile('a', bytes))).toBe(kind);
  });

  const others: [string, Buffer][] = [
    ['a Word document', zipFile([{ name: '[Content_Types].xml', data: '<Types>wordprocessingml.document</Types>' }])],
    ['a presentation', zipFile([{ name: 'mimetype', data: 'application/vnd.oasis.opendocument.presentation' }])],
  ];
  test.each(others)('refuses %s', async (_, bytes) => {
    await expect(zipKind(await sourceFile('a', bytes))).rejects.toMatchObject({ code: 'source-unreadable' });
  });

  test('an encrypted workbook', async () => {
    const bytes = zipFile([{ name: '[Content_Types].xml', data: 'x', flags: 1 }]);
    await expect(zipKind(await sourceFile('a', bytes))).rejects.toMatchObject({ code: 'source-encrypted' });
  });
});
