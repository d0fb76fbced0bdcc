import { describe, expect, test } from 'vitest';
import * as xlsx from 'xlsx';
import { openWorkbook } from '../../src/parse/workbook.ts';
import { objectRows } from '../../src/parse/xlsx/object-rows.ts';
import { defaultFormat, never, readRows, readTexts, sourceFile } from '../support/source-files.ts';
import { zipFile } from '../support/zip-files.ts';

type BookType = 'xls' | 'biff5' | 'xlsb' | 'ods';

function book(bookType: BookType, date1904 = false): Buffer {
  const data = xlsx.utils.aoa_to_sheet([['id', 'nome', 'valor', 'ativo', 'data', 'erro']], { dense: true });
  data['!data']![2] = [
    { t: 's', v: '00123' },
    { t: 's', v: 'São João & Cia' },
    { t: 'n', v: 1234.5 },
    { t: 'b', v: true },
    { t: 'n', v: date1904 ? 43889 : 45351, z: 'dd/mm/yyyy' },
    { t: 'e', v: 0x2a, w: '#N/A' },
  ];
  data['!data']![3] = [
    { t: 'n', v: 12345678901234568 },
    { t: 's', v: 'a😀b' },
    { t: 'n', v: 0.1 + 0.2 },
    { t: 'b', v: false },
  ];
  data['!ref'] = 'A1:F4';
  const hidden = xlsx.utils.aoa_to_sheet([['oculta']]);
  const last = xlsx.utils.aoa_to_sheet([['fim']]);
  const workbook: xlsx.WorkBook = {
    SheetNames: ['Aux', 'Dados', 'Fim'],
    Sheets: { Aux: hidden, Dados: data, Fim: last },
    Workbook: { Sheets: [{ Hidden: 1 }, { Hidden: 0 }, { Hidden: 0 }], WBProps: { date1904 } },
  };
  return xlsx.write(workbook, { type: 'buffer', bookType }) as Buffer;
}

const open = async (bytes: Buffer, sheet: number | string = 1) =>
  openWorkbook(await sourceFile('dados.xls', bytes), { ...defaultFormat, sheet }, never);

describe('reads the cells of', () => {
  test.each(['xls', 'xlsb'] as const)('.%s', async (type) => {
    const table = await open(book(type));
    expect(await readRows(table.batches())).toEqual([
      { row: 1, cells: ['id', 'nome', 'valor', 'ativo', 'data', 'erro'], kinds: Array.from({ length: 6 }, () => 'text') },
      {
        row: 3,
        cells: ['00123', 'São João & Cia', '1234.5', 'true', '2024-02-29', '#N/A'],
        kinds: ['text', 'text', 'number', 'boolean', 'date', 'error'],
      },
      { row: 4, cells: ['12345678901234568', 'a😀b', '0.3', 'false'], kinds: ['roundedNumber', 'text', 'number', 'boolean'] },
    ]);
    expect(table.receipt).toMatchObject({ format: 'workbook', sheet: 'Dados' });
    expect(table.receipt.decisions).toContain('hidden sheets are not counted: "Aux"');
  });

  test('.ods, which does not say what is hidden', async () => {
    const table = await open(book('ods'), 'Dados');
    const rows = await readRows(table.batches());
    expect(rows.at(-2)!.cells.slice(0, 5)).toEqual(['00123', 'São João & Cia', '1234.5', 'true', '2024-02-29']);
    expect(table.receipt.decisions.at(-1)).toMatch(/hidden sheets are counted/);
  });

  test('an .xls of Excel 5, whose texts are in a code page', async () => {
    const [, row] = await readTexts(await open(book('biff5')));
    expect(row![2]).toBe('1234.5');
  });

  test.each(['xls', 'xlsb'] as const)('.%s with days from 1904', async (type) => {
    const table = await open(book(type, true));
    expect((await readTexts(table))[1]![4]).toBe('2024-02-29');
    expect(table.receipt.decisions).toContain('days are counted from 1904-01-01: the workbook says so');
  });

  test('another sheet', async () => {
    expect(await readTexts(await open(book('xls'), 2))).toEqual([['fim']]);
    expect(await readTexts(await open(book('xlsb'), 'fim'))).toEqual([['fim']]);
    await expect(open(book('xls'), 3)).rejects.toMatchObject({ code: 'sheet-missing' });
  });
});

/** A compound file with one stream of that name. */
function compound(stream: string): Buffer {
  const container = xlsx.CFB.utils.cfb_new();
  xlsx.CFB.utils.cfb_add(container, `/${stream}`, Buffer.alloc(5000, 1));
  return Buffer.from(xlsx.CFB.write(container, { type: 'buffer' }) as Uint8Array);
}

const odsMimetype = { name: 'mimetype', data: 'application/vnd.oasis.opendocument.spreadsheet', method: 0 };
const ods = (content: string): Buffer => zipFile([odsMimetype, { name: 'content.xml', data: content }]);
const repeated = (rows: number, columns: number): string =>
  `<o><table:table-row table:number-rows-repeated="${rows}"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="${columns}"/></table:table-row></o>`;

describe('refuses', () => {
  const cases: [string, Buffer, string][] = [
    ['a workbook with a password', compound('EncryptedPackage'), 'source-encrypted'],
    ['a Word document', compound('WordDocument'), 'source-unreadable'],
    ['HTML', Buffer.from('<html><table><tr><td>00123</td></tr></table></html>'), 'source-unreadable'],
    ['text', Buffer.from('id;valor\n00123;1.234,56\n'), 'source-unreadable'],
    ['nothing', Buffer.alloc(0), 'source-unreadable'],
    ['an archive', zipFile([{ name: 'a.csv', data: 'id' }]), 'source-unreadable'],
    ['the magic of a compound file and nothing else', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'source-unreadable'],
    ['an .ods that repeats a cell a billion times', ods(repeated(1_048_576, 16_384)), 'source-bomb'],
    ['an .ods with a DOCTYPE', ods('<!DOCTYPE x><o/>'), 'source-unsafe'],
    ['an .ods with a wrong CRC-32', zipFile([odsMimetype, { name: 'content.xml', data: '<o/>', crc: 1 }]), 'source-unreadable'],
    ['an .ods that inflates too far', zipFile([odsMimetype, { name: 'content.xml', data: Buffer.alloc(140e6) }]), 'source-bomb'],
    ['a file of more than 48 MiB', Buffer.alloc(49 * 1024 * 1024), 'source-unreadable'],
  ];
  test.each(cases)('%s', async (_, bytes, code) => {
    await expect(open(bytes)).rejects.toMatchObject({ code, file: 'dados.xls' });
  });

  test('a cell whose text the library lost', () => {
    const rows = [
      [
        { t: 'n', v: 1 },
        { t: 's', v: undefined },
      ],
    ];
    expect(() => [...objectRows(rows, false, (what) => new Error(what))]).toThrow(/^cell B1 has no value/);
  });

  test('a zip of text, and says so', async () => {
    await expect(open(zipFile([{ name: 'a.csv', data: 'id' }]))).rejects.toThrow('is an archive, not a workbook');
  });

  test('a file that is not there', async () => {
    const opened = openWorkbook({ path: '/nowhere/a.xls', name: 'a.xls' }, defaultFormat, never);
    await expect(opened).rejects.toMatchObject({ code: 'source-unreadable' });
  });

  for (const type of ['xls', 'xlsb', 'ods'] as const) {
    test.each([10, 20, 30, 40, 50, 60, 70, 80, 90])(`.${type} cut at %i percent`, async (percent) => {
      const whole = book(type);
      const cut = whole.subarray(0, Math.floor((whole.length * percent) / 100));
      await expect(open(cut).then(readTexts)).rejects.toMatchObject({
        code: expect.stringMatching(/^source-(truncated|unreadable)$/),
      });
    });
  }
});
