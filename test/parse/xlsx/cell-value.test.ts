import { describe, expect, test } from 'vitest';
import { open, readSheet } from '../../support/read-xlsx.ts';

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
    ['a float just above a second', 45350.00001157408, false, '2024-02-28T00:00:01'],
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
