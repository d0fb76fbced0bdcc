import { describe, expect, test } from 'vitest';
import { openXlsx } from '../../../src/parse/xlsx/open-xlsx.ts';
import { defaultFormat, never, readRows, readTexts, sourceFile } from '../../support/source-files.ts';
import { relationships, sheetXml, stringsXml, xlsxFile, xlsxParts, type XlsxFile } from '../../support/xlsx-files.ts';
import { zipFile } from '../../support/zip-files.ts';

async function open(file: XlsxFile | Buffer, sheet: number | string = 1) {
  const bytes = Buffer.isBuffer(file) ? file : xlsxFile(file);
  return openXlsx(await sourceFile('dados.xlsx', bytes), { ...defaultFormat, sheet }, never);
}

const read = async (file: XlsxFile | Buffer) => readRows((await open(file)).batches());
const readSheet = async (rows: string, more: Omit<XlsxFile, 'sheets'> = {}) =>
  read({ sheets: [{ name: 'Dados', rows }], ...more });

describe('the value of a cell', () => {
  const strings = [
    '<t>São João</t>',
    '<t></t>',
    '<t xml:space="preserve">  a  </t>',
    '<r><t>do</t></r><r><rPr><b/></rPr><t>is</t></r>',
  ];
  strings.push('<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/>');
  const formats = [14, 'dd/mm/yyyy hh:mm', 20, '[h]:mm', '0.00 "dias"', '[$-416]d "de" mmmm;@', 4];
  const cases: [string, string, string, string][] = [
    ['a shared string', '<c t="s"><v>0</v></c>', 'São João', 'text'],
    ['an empty shared string is a blank', '<c t="s"><v>1</v></c>', '', 'text'],
    ['blanks of a string stay', '<c t="s"><v>2</v></c>', '  a  ', 'text'],
    ['runs of rich text are joined', '<c t="s"><v>3</v></c>', 'dois', 'text'],
    ['phonetic hints are left out', '<c t="s"><v>4</v></c>', '東京', 'text'],
    ['an inline string', '<c t="inlineStr"><is><t>00123</t></is></c>', '00123', 'text'],
    [
      'an inline string in runs',
      '<c t="inlineStr"><is><r><t>do</t></r><r><t>is</t></r><rPh><t>x</t></rPh></is></c>',
      'dois',
      'text',
    ],
    ['the string of a formula', '<c t="str"><f>A1&amp;"x"</f><v>ax</v></c>', 'ax', 'text'],
    ['a formula without its value is blank', '<c><f>SUM(A1:A9)</f></c>', '', 'text'],
    ['a formula with an empty value is blank', '<c t="str"><f>""</f><v></v></c>', '', 'text'],
    ['a number', '<c><v>-1234.5</v></c>', '-1234.5', 'number'],
    ['a number by its type', '<c t="n"><v>7</v></c>', '7', 'number'],
    ['a money format is no date', '<c s="7"><v>1234.56</v></c>', '1234.56', 'number'],
    ['a number in scientific notation', '<c><v>1E+05</v></c>', '100000', 'number'],
    ['what floats add is cut off', '<c><v>0.30000000000000004</v></c>', '0.3', 'number'],
    ['14 digits are a number', '<c><v>12345678000195</v></c>', '12345678000195', 'number'],
    ['16 digits are rounded', '<c><v>1234567890123456</v></c>', '1234567890123456', 'roundedNumber'],
    ['20 digits of a formula', '<c><v>1.2345678901234568E+19</v></c>', '12345678901234568000', 'roundedNumber'],
    ['a number that is none stays as text', '<c><v>NaN</v></c>', 'NaN', 'text'],
    ['true', '<c t="b"><v>1</v></c>', 'true', 'boolean'],
    ['false', '<c t="b"><v>0</v></c>', 'false', 'boolean'],
    ['a boolean that is none stays as text', '<c t="b"><v>2</v></c>', '2', 'text'],
    ['an error', '<c t="e"><f>NA()</f><v>#N/A</v></c>', '#N/A', 'error'],
    ['a date as Excel stores 31/12/2025', '<c s="1"><v>46022</v></c>', '2025-12-31', 'date'],
    ['a date with its time', '<c s="2"><v>46348.385416666664</v></c>', '2026-11-22T09:15:00', 'date'],
    ['a time of day', '<c s="3"><v>0.25</v></c>', '06:00:00', 'date'],
    ['hours beyond a day', '<c s="4"><v>1.5</v></c>', '36:00:00', 'date'],
    ['letters in quotes make no date', '<c s="5"><v>12</v></c>', '12', 'number'],
    ['a Brazilian date format', '<c s="6"><v>45351</v></c>', '2024-02-29', 'date'],
    ['the date of a formula', '<c s="1"><f>TODAY()</f><v>45351</v></c>', '2024-02-29', 'date'],
    ['a negative number with a date format', '<c s="1"><v>-5</v></c>', '-5', 'number'],
    ['a style that is not there', '<c s="99"><v>45351</v></c>', '45351', 'number'],
    ['a date as ISO text', '<c t="d"><v>2024-02-29T00:00:00Z</v></c>', '2024-02-29', 'date'],
    ['an ISO date with its time', '<c t="d"><v>2024-02-29T09:15:00.250</v></c>', '2024-02-29T09:15:00.250', 'date'],
    ['a type that nobody knows', '<c t="zz"><v>a</v></c>', 'a', 'text'],
    ['CDATA', '<c t="str"><v>a<![CDATA[<b>&amp;]]>c</v></c>', 'a<b>&amp;c', 'text'],
    ['a number in CDATA', '<c><v><![CDATA[12]]></v></c>', '12', 'number'],
    ['attributes in single quotes', "<c s='1' t='n'><v>45351</v></c>", '2024-02-29', 'date'],
    ['blanks in tags', '<c  s = "1"\n><v >45351</v ></c >', '2024-02-29', 'date'],
    ['a comment in a value', '<c><v>1<!-- <v>9</v> -->2</v></c>', '12', 'number'],
    ['blanks around a number', '<c><v> 12\n</v></c>', '12', 'number'],
    ['references', '<c t="str"><v>&lt;a&gt; &amp; &quot;b&quot; &apos;c&apos;</v></c>', `<a> & "b" 'c'`, 'text'],
    ['an emoji as a reference', '<c t="str"><v>&#128512;&#x1F600;</v></c>', '😀😀', 'text'],
    ['an emoji as two halves', '<c t="str"><v>&#xD83D;&#xDE00; _xD83D__xDE00_</v></c>', '😀 😀', 'text'],
    ['escaped control characters', '<c t="str"><v>a_x000D_\nb_x0009_c</v></c>', 'a\r\nb\tc', 'text'],
    ['an escaped escape', '<c t="str"><v>_x005F_x000D_ _x00 _x00ZZ_</v></c>', '_x000D_ _x00 _x00ZZ_', 'text'],
    ['line ends as XML wants them', '<c t="str"><v>a\r\nb\rc</v></c>', 'a\nb\nc', 'text'],
    ['a line end as a reference', '<c t="str"><v>a&#13;&#10;b</v></c>', 'a\r\nb', 'text'],
    ['U+0000', '<c t="str"><v>a&#0;b_x0000_</v></c>', 'a\0b\0', 'text'],
    ['four-byte characters', '<c t="str"><v>𝒜😀é</v></c>', '𝒜😀é', 'text'],
    ['elements of other makers', '<c x:ph="1" vm="2"><v>5</v><extLst><ext><v2>9</v2></ext></extLst></c>', '5', 'number'],
  ];
  test.each(cases)('%s', async (_, cell, text, kind) => {
    const rows = await readSheet(`<row r="1"><c t="str"><v>x</v></c>${cell}<c t="str"><v>x</v></c></row>`, { strings, formats });
    expect(rows).toEqual([{ row: 1, cells: ['x', text, 'x'], kinds: ['text', kind, 'text'] }]);
  });

  test.each([
    ['&#xD83D;', 'eda0bd'],
    ['_xDE00_', 'edb880'],
    ['a&#xDC00;b', '61edb08062'],
  ])('half a surrogate pair, %s, is three bytes that are no UTF-8', async (text, hex) => {
    const table = await open({ sheets: [{ name: 'a', rows: `<row><c t="str"><v>${text}</v></c></row>` }] });
    for await (const batch of table.batches()) {
      expect(batch.bytes.toString('hex', batch.cellStarts[0], batch.cellEnds[0])).toBe(hex);
    }
  });
});

describe('dates', () => {
  const formats = [14, 22, 18];
  const cases: [string, number, boolean, string][] = [
    ['the first day', 1, false, '1900-01-01'],
    ['the day before the one that never was', 59, false, '1900-02-28'],
    ['the day that never was', 60, false, '1900-02-29'],
    ['the day after', 61, false, '1900-03-01'],
    ['day 0', 0, false, '1900-01-00'],
    ['the last day', 2958465, false, '9999-12-31'],
    ['one day more', 2958466, false, '2958466'],
    ['a leap day', 45351, false, '2024-02-29'],
    ['from 1904', 43889, true, '2024-02-29'],
    ['day 0 from 1904', 0, true, '1904-01-01'],
    ['the last day from 1904', 2957003, true, '9999-12-31'],
    ['one day more from 1904', 2957004, true, '2957004'],
    ['half a second before midnight', 45350.999994212965, false, '2024-02-28T23:59:59.500'],
    ['a float just below midnight', 45350.99999999999, false, '2024-02-29'],
    ['a float just above a second', 45350.0000115740741, false, '2024-02-28T00:00:01'],
  ];
  test.each(cases)('%s', async (_, serial, is1904, text) => {
    const [row] = await readSheet(`<row><c s="1"><v>${serial}</v></c></row>`, { formats, is1904 });
    expect(row!.cells).toEqual([text]);
  });

  test('the 1904 epoch is in the receipt', async () => {
    const table = await open({ sheets: [{ name: 'a' }], is1904: true });
    expect(table.receipt.decisions).toContain('days are counted from 1904-01-01: the workbook says so');
  });
});

describe('rows and columns', () => {
  const cases: [string, string, [number, string[]][]][] = [
    ['gaps between cells are blank', '<row r="1"><c r="B1"><v>1</v></c><c r="D1"><v>2</v></c></row>', [[1, ['', '1', '', '2']]]],
    [
      'blanks at the end are left out',
      '<row r="1"><c r="A1"><v>1</v></c><c r="C1" s="1"/><c r="D1"><v></v></c></row>',
      [[1, ['1']]],
    ],
    ['rows that are not there are not made up', '<row r="2"><c r="A2"><v>1</v></c></row><row r="900000"><c r="A900000"><v>2</v></c></row>', [[2, ['1']], [900000, ['2']]]], // prettier-ignore
    ['a row without cells', '<row r="5"/><row r="6"></row>', [[5, []], [6, []]]], // prettier-ignore
    ['no numbers at all', '<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>', [[1, ['1', '2']], [2, ['3']]]], // prettier-ignore
    ['cells that know more than their row', '<row><c r="B7"><v>1</v></c><c><v>2</v></c></row>', [[7, ['', '1', '2']]]],
    ['the last cell of all', '<row r="1048576"><c r="A1048576"><v>1</v></c></row>', [[1048576, ['1']]]],
    ['lower case references', '<row r="1"><c r="b1"><v>1</v></c></row>', [[1, ['', '1']]]],
  ];
  test.each(cases)('%s', async (_, rows, expected) => {
    expect((await readSheet(rows)).map(({ row, cells }) => [row, cells])).toEqual(expected);
  });

  test('the last column is the 16,384th', async () => {
    const [row] = await readSheet('<row r="1"><c r="XFD1"><v>1</v></c></row>');
    expect(row!.cells).toHaveLength(16_384);
  });

  test('a dimension that lies is ignored', async () => {
    const xml = sheetXml('<row r="1"><c r="A1"><v>1</v></c></row>').replace('ref="A1"', 'ref="A1:XFD1048576"');
    expect(await read({ sheets: [{ name: 'a', xml }] })).toHaveLength(1);
  });

  const refused: [string, string, RegExp, number, string | undefined][] = [
    ['a column beyond the last', '<row r="3"><c r="XFE3"/></row>', /row 3.*XFD/, 3, undefined],
    ['a row beyond the last', '<row r="1048577"/>', /1048576/, 0, undefined],
    ['a row that is no number', '<row r="x"/>', /1048576/, 0, undefined],
    ['rows that descend', '<row r="5"/><row r="4"/>', /row 5.*row 4.*ascend/, 5, undefined],
    ['a row that comes twice', '<row r="5"/><row r="5"/>', /ascend/, 5, undefined],
    ['columns that descend', '<row r="1"><c r="B1"/><c r="A1"/></row>', /cell B1.*column A/, 1, 'B'],
    ['a cell of another row', '<row r="1"><c r="A2"/></row>', /cell A1.*row 2/, 1, 'A'],
    ['a shared string that is not there', '<row r="7"><c r="B7" t="s"><v>3</v></c></row>', /cell B7.*string 3.*are 1/, 7, 'B'],
    ['a shared string that is no index', '<row r="7"><c r="B7" t="s"><v>-1</v></c></row>', /cell B7/, 7, 'B'],
    ['an entity that nobody declared', '<row r="1"><c r="A1" t="str"><v>&nbsp;</v></c></row>', /cell A1.*&nbsp/, 1, 'A'],
    ['a reference beyond Unicode', '<row r="1"><c r="A1" t="str"><v>&#x110000;</v></c></row>', /cell A1/, 1, 'A'],
    ['an ampersand on its own', '<row r="1"><c r="A1" t="str"><v>a & b</v></c></row>', /cell A1/, 1, 'A'],
    ['a cell of more than 1 MiB', `<row r="1"><c r="A1" t="inlineStr"><is>${`<r><t>${'x'.repeat(300_000)}</t></r>`.repeat(4)}</is></c></row>`, /cell A1.*1048576/, 1, 'A'], // prettier-ignore
  ];
  test.each(refused)('refuses %s', async (_, rows, message, line, column) => {
    const error = { code: 'source-unreadable', message: expect.stringMatching(message), line, column: column ?? null };
    await expect(readSheet(rows, { strings: ['<t>a</t>'] })).rejects.toMatchObject(error);
  });

  test('refuses a row of more than 4 MiB of shared text', async () => {
    const cells = '<c t="s"><v>0</v></c>'.repeat(200);
    const rows = readSheet(`<row>${cells}</row>`, { strings: [`<t>${'x'.repeat(30_000)}</t>`] });
    await expect(rows).rejects.toMatchObject({ code: 'source-unreadable', message: expect.stringMatching(/4194304/) });
  });

  test('hands over large shared text in batches of bounded size', async () => {
    const rows = '<row><c t="s"><v>0</v></c></row>'.repeat(2000);
    const table = await open({ sheets: [{ name: 'a', rows }], strings: [`<t>${'x'.repeat(30_000)}</t>`] });
    let rowCount = 0;
    for await (const batch of table.batches()) {
      rowCount += batch.rowCount;
      expect(batch.bytes.length).toBeLessThan(512 * 1024);
    }
    expect(rowCount).toBe(2000);
  });
});

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
  const megabytes = Buffer.alloc(70 * 1024 * 1024, ' ');
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
    ['a sheet that is empty', { ...file, parts: { [sheet]: '' } }, 'source-truncated', /too early/],
    [
      'strings that end too early',
      { ...file, parts: { 'xl/sharedStrings.xml': '<sst><si><t>a' } },
      'source-truncated',
      /too early/,
    ],
    ['a sheet whose part is not there', { ...file, parts: { 'xl/_rels/workbook.xml.rels': relationships([['rId1', 'worksheet', 'x.xml']]) } }, 'source-unreadable', /no part xl\/x\.xml/], // prettier-ignore
    ['a sheet that is a bomb', { ...file, parts: { [sheet]: megabytes } }, 'source-bomb', /inflates/],
    ['strings that are a bomb', { ...file, parts: { 'xl/sharedStrings.xml': megabytes } }, 'source-bomb', /inflates/],
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
