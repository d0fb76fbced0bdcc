import { describe, expect, test } from 'vitest';
import { csvLimits } from '../../src/parse/csv-errors.ts';
import { createSplitter } from '../../src/parse/csv.ts';
import { problemOf } from './problem.ts';
import { splitEvery } from './split-text.ts';

const BOM = '\uFEFF';

/** Name, text, rows; `!` before the first cell: malformed. Lines are in the second table. */
const nasty: readonly (readonly [string, string, readonly (readonly string[])[]])[] = [
  [
    'reads plain rows',
    'a;b\n1;2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['keeps the delimiter inside a quoted cell', '"a;b";c\n', [['a;b', 'c']]],
  ['keeps line breaks inside a quoted cell as they are', '"a\r\nb\nc";d\r\n', [['a\r\nb\nc', 'd']]],
  ['halves doubled quotes', '"say ""hi""";""""\n', [['say "hi"', '"']]],
  ['reads empty quoted cells', '"";""\n', [['', '']]],
  ['reads empty cells, the last one too', ';;\n', [['', '', '']]],
  [
    'strips the mark before a quoted first header',
    `${BOM}"id;x";b\n1;2\n`,
    [
      ['id;x', 'b'],
      ['1', '2'],
    ],
  ],
  ['strips the mark before a plain first header', `${BOM}id;b\n`, [['id', 'b']]],
  ['keeps a mark that is not at the start', `a\n${BOM}b\n`, [['a'], [`${BOM}b`]]],
  [
    'takes LF and CRLF mixed in one file',
    'a;b\r\n1;2\n3;4\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ],
  ],
  [
    'takes CRLF after a quoted cell',
    '"a";"b"\r\n"1";"2"\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['leaves a lone CR as text', 'a\rb;c\r;d\n', [['a\rb', 'c\r', 'd']]],
  [
    'reads a last line without a line end',
    'a;b\n1;2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['reads a quoted last cell without a line end', 'a\n"b"', [['a'], ['b']]],
  ['makes no row of a final line end', 'a\n', [['a']]],
  ['reads an empty line as one empty cell', 'a;b\n\n\r\n1;2\n', [['a', 'b'], [''], [''], ['1', '2']]],
  ['leaves short and long rows as they are', 'a;b\n1\n1;2;3\n', [['a', 'b'], ['1'], ['1', '2', '3']]],
  ['takes a quote inside an unquoted cell as text', 'pipe 5";x"y;6"\n', [['pipe 5"', 'x"y', '6"']]],
  ['takes a quote after a blank as text', ' "a;b"\n', [[' "a', 'b"']]],
  [
    'marks text after a closing quote and shows the cell raw',
    '"a"b;c\nd;e\n',
    [
      ['!"a"b', 'c'],
      ['d', 'e'],
    ],
  ],
  ['keeps doubled quotes in a cell that it shows raw', '"a""b"c;d\n', [['!"a""b"c', 'd']]],
  ['runs to the next delimiter after a closing quote', '"a"b"c;d"\n', [['!"a"b"c', 'd"']]],
  ['marks a blank after a closing quote', '"a" ;b\n', [['!"a" ', 'b']]],
  ['marks a lone CR after a closing quote', '"a"\rx;b\n', [['!"a"\rx', 'b']]],
  [
    'keeps multi-byte characters whole',
    'ação;€;😀;\u200B\n"ção";"€";"😀";\u00A0\n',
    [
      ['ação', '€', '😀', '\u200B'],
      ['ção', '€', '😀', '\u00A0'],
    ],
  ],
  [
    'drops the end-of-file mark of DOS',
    'a;b\r\n1;2\r\n\x1a',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['drops the end-of-file mark of DOS after a last line without an end', 'a;b\x1a', [['a', 'b']]],
  ['keeps the same byte everywhere else', 'a\x1a;b\n\x1a\n', [['a\x1a', 'b'], ['\x1a']]],
  ['drops half a CRLF at the end of the file', 'a;"b"\r', [['a', 'b']]],
  ['reads nothing from an empty file', '', []],
  ['reads nothing from a mark alone', BOM, []],
];

describe.each(['whole', 1, 2, 3, 7, 64] as const)('the splitter, cut into pieces of %s', (size) => {
  test.each(nasty)('%s', (_, text, rows) => {
    const split = splitEvery(text, size === 'whole' ? Buffer.byteLength(text) + 1 : size);
    expect(split.map((row) => row.cells.map((cell, index) => (index === 0 && row.isMalformed ? `!${cell}` : cell)))).toEqual(
      rows,
    );
  });
});

describe('line numbers', () => {
  const cases: readonly (readonly [string, string, readonly number[]])[] = [
    ['count from 1', 'a\nb\nc', [1, 2, 3]],
    ['count line breaks inside quotes', 'a;b\n"1\n2";"3\n4"\nx\n', [1, 2, 5]],
    ['count a CRLF once, inside quotes too', 'a\r\n"1\r\n2"\r\nx\r\n', [1, 2, 4]],
    ['count empty lines', 'a\n\n\nb\n', [1, 2, 3, 4]],
    ['count the line of a malformed row', '"a"b\n"c\n"d\ne\n', [1, 2, 4]],
  ];
  test.each(cases)('%s', (_, text, lines) => {
    for (const size of [1, 2, 5, 100]) expect(splitEvery(text, size).map((row) => row.line)).toEqual(lines);
  });
});

describe('other delimiters and line ends', () => {
  test.each([',', '\t', '|'])('splits at %j', (delimiter) => {
    expect(splitEvery(`a;b${delimiter}"c${delimiter}d"\n`, 3, { delimiter })[0]!.cells).toEqual(['a;b', `c${delimiter}d`]);
  });
  test('splits nowhere without a delimiter', () => {
    expect(splitEvery('a;b,c\td|e\n', 3, { delimiter: null })[0]!.cells).toEqual(['a;b,c\td|e']);
  });
  test('ends lines at CR alone when told so, and counts them', () => {
    const rows = splitEvery('a;b\r"1\r2";"x\ny"\r\r3;4', 2, { lineEnd: 'cr' });
    expect(rows.map((row) => [row.line, ...row.cells])).toEqual([
      [1, 'a', 'b'],
      [2, '1\r2', 'x\ny'],
      [4, ''],
      [5, '3', '4'],
    ]);
  });
  test('refuses a file whose lines end in CR first and in CRLF later', async () => {
    expect(await problemOf(() => splitEvery('a\rb\r\nc', 1, { lineEnd: 'cr' }))).toMatchObject({
      code: 'source-unreadable',
      line: 3,
    });
  });
});

describe('what the splitter refuses', () => {
  test.each([1, 7, 1000])('names the line where a quote was opened that is never closed (pieces of %i)', async (size) => {
    expect(await problemOf(() => splitEvery('a;b\n"1\n2";3\nx;"y\nz\nz\n', size))).toMatchObject({
      code: 'source-truncated',
      line: 4,
      message: 'a.csv: the quote opened in line 4 is not closed at the end of the file',
    });
  });
  test('names the line of the quote, not of its record', async () => {
    const text = 'a\n"b\nc";"d\n';
    expect(await problemOf(() => splitEvery(text, 3))).toMatchObject({ code: 'source-truncated', line: 3 });
  });
  test('refuses an open quote at the very end', async () => {
    expect(await problemOf(() => splitEvery('a;"', 1))).toMatchObject({ code: 'source-truncated', line: 1 });
  });
  test('takes a cell of 1 MiB and refuses a longer one', async () => {
    const cell = 'x'.repeat(csvLimits.cellBytes);
    expect(splitEvery(`a\n${cell};b\n`, 65_536)[1]!.cells[0]).toHaveLength(csvLimits.cellBytes);
    expect(await problemOf(() => splitEvery(`a\nb;${cell}x\n`, 65_536))).toMatchObject({
      code: 'source-unreadable',
      line: 2,
      column: 2,
    });
    expect(await problemOf(() => splitEvery(`a\nb;"${cell}x"\n`, 65_536))).toMatchObject({
      code: 'source-unreadable',
      line: 2,
      column: 2,
    });
  });
  test('refuses a record over 4 MiB, complete or not', async () => {
    const record = `${'x'.repeat(csvLimits.cellBytes)};`.repeat(4);
    expect(await problemOf(() => splitEvery(`a\n${record}\n`, 1 << 24))).toMatchObject({ code: 'source-unreadable', line: 2 });
    expect(await problemOf(() => splitEvery(`a\n${record}`, 65_536))).toMatchObject({ code: 'source-unreadable', line: 2 });
  });
  test('takes 16,384 cells and refuses more', async () => {
    expect(splitEvery(`${';'.repeat(csvLimits.cells - 1)}\n`, 65_536)[0]!.cells).toHaveLength(csvLimits.cells);
    expect(await problemOf(() => splitEvery(`a\n${';'.repeat(csvLimits.cells)}\n`, 65_536))).toMatchObject({
      code: 'source-unreadable',
      line: 2,
    });
  });
  test('stops at a stray quote in the memory of two records, not of the file', async () => {
    const splitter = createSplitter({ file: 'a.csv', delimiter: ';', lineEnd: 'lf' });
    const chunk = Buffer.from('1;2;3\n'.repeat(10_000));
    splitter.push(Buffer.from('a;b\n1;"2\n'));
    let pushed = 0;
    const error = await problemOf(() => {
      for (; pushed < 1 << 28; pushed += chunk.length) splitter.push(chunk);
    });
    expect(error).toMatchObject({ code: 'source-unreadable', line: 2 });
    expect(error.message).toContain('a quote opened in line 2 is still open');
    expect(pushed).toBeLessThanOrEqual(2 * csvLimits.recordBytes);
  });
});
