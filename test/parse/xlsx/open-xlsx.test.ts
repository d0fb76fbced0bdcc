import { describe, expect, test } from 'vitest';
import { openXlsx } from '../../../src/parse/xlsx/open-xlsx.ts';
import { open, read } from '../../support/read-xlsx.ts';
import { defaultFormat, readTexts, sourceFile } from '../../support/source-files.ts';
import { relationships, sheetXml, stringsXml, xlsxFile, xlsxParts, type XlsxFile } from '../../support/xlsx-files.ts';
import { zipFile } from '../../support/zip-files.ts';

describe('a workbook of another make', () => {
  const rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45351</v></c></row>';
  const file: XlsxFile = { sheets: [{ name: 'Dados', rows }], strings: ['<t>a</t>'], formats: [14] };
  const expected = [['a', '2024-02-29']];
  const parts = xlsxParts(file);
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const asText = (name: string): string => String(parts[name]);
  const prefixed = (xml: string): string => xml.replace('xmlns=', 'xmlns:x=').replace(/<(\/?)([a-z])/gi, '<$1x:$2');
  const strict = (xml: string): string =>
    xml
      .replaceAll(main, 'http://purl.oclc.org/ooxml/spreadsheetml/main')
      .replaceAll('http://schemas.openxmlformats.org/officeDocument/2006', 'http://purl.oclc.org/ooxml/officeDocument');
  const all = (change: (xml: string) => string): Record<string, string> =>
    Object.fromEntries(Object.keys(parts).map((name) => [name, change(asText(name))]));
  const rels = relationships([
    ['rId1', 'worksheet', '/xl/outra/folha%201.xml'],
    ['rId9', 'sharedStrings', '../textos.xml'],
    ['rId8', 'styles', 'styles.xml'],
  ]);
  const withoutTyped = Object.fromEntries(Object.entries(parts).filter(([name]) => !/sheet1|sharedStrings/.test(name)));

  const cases: [string, Record<string, string | Buffer>][] = [
    [
      'with prefixes',
      Object.fromEntries(
        Object.keys(parts).map((name) => [name, /^xl\/[^_]/.test(name) ? prefixed(asText(name)) : asText(name)]),
      ),
    ],
    ['in strict form', all(strict)],
    ['with byte order marks', all((xml) => `\ufeff${xml}`)],
    ['without XML declarations', all((xml) => xml.replace(/^<\?.*?\?>\s*/, ''))],
    ['with comments and instructions', all((xml) => xml.replace('\n', '\n<!-- <a> --><?x <b> ?>'))],
    ['with parts of other names', { ...withoutTyped, 'xl/_rels/workbook.xml.rels': rels, 'xl/outra/folha 1.xml': asText('xl/worksheets/sheet1.xml'), 'textos.xml': stringsXml(['<t>a</t>']) }], // prettier-ignore
    [
      'with upper case part names',
      Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name.replace('sheet1', 'Sheet1'), xml])),
    ],
    [
      'with backslashes',
      { ...parts, 'xl/_rels/workbook.xml.rels': asText('xl/_rels/workbook.xml.rels').replace('worksheets/', 'worksheets\\') },
    ],
    ['without package relationships', Object.fromEntries(Object.entries(parts).filter(([name]) => name !== '_rels/.rels'))],
  ];
  test.each(cases)('%s', async (_, changed) => {
    const bytes = zipFile(Object.entries(changed).map(([name, data]) => ({ name, data })));
    expect(await readTexts(await open(bytes))).toEqual(expected);
  });
});

describe('refuses', () => {
  const rows = '<row r="1"><c r="A1"><v>1</v></c></row>';
  const file: XlsxFile = { sheets: [{ name: 'Dados', rows }], strings: ['<t>a</t>'] };
  const doctype = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>';
  const sheet = 'xl/worksheets/sheet1.xml';
  const cases: [string, XlsxFile, string, RegExp][] = [
    ['a DOCTYPE in the sheet', { ...file, parts: { [sheet]: `${doctype}${sheetXml(rows)}` } }, 'source-unsafe', /DOCTYPE/],
    ['a DOCTYPE in the strings', { ...file, parts: { 'xl/sharedStrings.xml': `${doctype}<sst/>` } }, 'source-unsafe', /DOCTYPE/],
    ['a DOCTYPE in the workbook', { ...file, parts: { 'xl/workbook.xml': `${doctype}<workbook/>` } }, 'source-unsafe', /DOCTYPE/],
    ['UTF-16', { ...file, parts: { [sheet]: Buffer.from(`\ufeff${sheetXml(rows)}`, 'utf16le') } }, 'source-unreadable', /UTF-16/],
    [
      'UTF-16 without a mark',
      { ...file, parts: { [sheet]: Buffer.from(sheetXml(rows), 'utf16le') } },
      'source-unreadable',
      /UTF-16/,
    ],
    [
      'Latin-1',
      { ...file, parts: { [sheet]: sheetXml(rows).replace('UTF-8', 'ISO-8859-1') } },
      'source-unreadable',
      /ISO-8859-1/,
    ],
    ['bytes that are no UTF-8', { ...file, parts: { [sheet]: Buffer.from(sheetXml('<row><c t="str"><v>\xe7</v></c></row>'), 'latin1') } }, 'source-unreadable', /UTF-8/], // prettier-ignore
    [
      'a sheet that ends too early',
      { ...file, parts: { [sheet]: sheetXml(rows).slice(0, -15) } },
      'source-truncated',
      /too early/,
    ],
    [
      'a sheet that ends between two tags',
      { ...file, parts: { [sheet]: '<worksheet><sheetData><row></row>' } },
      'source-truncated',
      /too early/,
    ],
    ['a sheet that is empty', { ...file, parts: { [sheet]: '' } }, 'source-truncated', /too early/],
    [
      'strings that end too early',
      { ...file, parts: { 'xl/sharedStrings.xml': '<sst><si><t>a' } },
      'source-truncated',
      /too early/,
    ],
    ['a sheet whose part is not there', { ...file, parts: { 'xl/_rels/workbook.xml.rels': relationships([['rId1', 'worksheet', 'x.xml']]) } }, 'source-unreadable', /no part xl\/x\.xml/], // prettier-ignore
    ['a sheet that is a bomb', { ...file, entries: { [sheet]: { declaredBytes: 1.5e9 } } }, 'source-bomb', /inflates/],
    [
      'strings that are a bomb',
      { ...file, entries: { 'xl/sharedStrings.xml': { declaredBytes: 1.5e9 } } },
      'source-bomb',
      /inflates/,
    ],
    ['a tag without end', { ...file, parts: { [sheet]: Buffer.concat([Buffer.from('<worksheet a="'), Buffer.alloc(3_000_000, 'x')]) } }, 'source-unreadable', /1048576/], // prettier-ignore
    ['an encrypted part', { ...file, entries: { [sheet]: { flags: 1 } } }, 'source-encrypted', /password/],
    ['a wrong CRC-32', { ...file, entries: { [sheet]: { crc: 7 } } }, 'source-unreadable', /CRC-32/],
    ['a wrong size', { ...file, entries: { [sheet]: { declaredBytes: 7 } } }, 'source-unreadable', /size/],
    ['an archive without a workbook', { ...file, parts: { '_rels/.rels': relationships([]) , 'xl/workbook.xml': '' } }, 'source-truncated', /workbook/], // prettier-ignore
  ];
  test.each(cases)('%s', async (_, bad, code, message) => {
    await expect(read(bad)).rejects.toMatchObject({ code, message: expect.stringMatching(message), file: 'dados.xlsx' });
  });

  test.each([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99])('a workbook cut at %i percent', async (percent) => {
    const whole = xlsxFile(file);
    const cut = whole.subarray(0, Math.floor((whole.length * percent) / 100));
    await expect(read(cut)).rejects.toMatchObject({ code: 'source-truncated' });
  });

  test('to go on when it is aborted', async () => {
    const stop = new AbortController();
    const table = await openXlsx(await sourceFile('a.xlsx', xlsxFile(file)), defaultFormat, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(readTexts(table)).rejects.toThrow('stopped');
  });
});

describe('the choice of a sheet', () => {
  const cell = (text: string): string => `<row><c t="str"><v>${text}</v></c></row>`;
  const sheets = [
    { name: 'Aux', rows: cell('aux'), state: 'hidden' },
    { name: 'Situação & "Valor"', rows: cell('first') },
    { name: 'Tmp', rows: cell('tmp'), state: 'veryHidden' },
    { name: 'dados', rows: cell('second') },
    { name: 'Dados', rows: cell('third') },
  ] as const;
  const cases: [number | string, string, string, RegExp][] = [
    [1, 'first', 'Situação & "Valor"', /number 1 of 3 visible sheets/],
    [2, 'second', 'dados', /number 2 of 3/],
    ['Dados', 'third', 'Dados', /the configuration names it$/],
    ['DADOS', 'second', 'dados', /names it/],
    ['situacao & "valor"', 'first', 'Situação & "Valor"', /names it/],
    ['Aux', 'aux', 'Aux', /names it; it is hidden/],
  ];
  test.each(cases)('%s', async (wanted, text, name, reason) => {
    const table = await open({ sheets }, wanted);
    expect(await readTexts(table)).toEqual([[text]]);
    expect(table.receipt).toMatchObject({ format: 'xlsx', sheet: name, member: null });
    expect(table.receipt.decisions[0]).toMatch(reason);
    expect(table.receipt.decisions[1]).toBe('hidden sheets are not counted: "Aux", "Tmp"');
  });

  test.each([4, 'Planilha1'])('refuses %s and lists the sheets', async (wanted) => {
    await expect(open({ sheets }, wanted)).rejects.toMatchObject({
      code: 'sheet-missing',
      message: expect.stringMatching(/the sheets "Situação & "Valor"", "dados", "Dados", and hidden "Aux", "Tmp"/),
      hint: expect.stringMatching(/sheet: /),
    });
  });

  test('does not count charts', async () => {
    const rels = relationships([
      ['rId1', 'chartsheet', 'chartsheets/sheet1.xml'],
      ['rId2', 'worksheet', 'worksheets/sheet2.xml'],
    ]);
    const two = [{ name: 'Gráfico' }, { name: 'Dados', rows: cell('data') }];
    const table = await open({ sheets: two, parts: { 'xl/_rels/workbook.xml.rels': rels } });
    expect(await readTexts(table)).toEqual([['data']]);
  });
});
