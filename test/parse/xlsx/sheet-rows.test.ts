import { describe, expect, test } from 'vitest';
import { open, read, readSheet } from '../../support/read-xlsx.ts';
import { sheetXml } from '../../support/xlsx-files.ts';

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
    const numbers: number[] = [];
    for await (const batch of table.batches()) {
      numbers.push(...batch.rowNumbers.subarray(0, batch.rowCount));
      expect(batch.bytes.length).toBeLessThan(512 * 1024);
    }
    expect(numbers).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1));
  });
});
