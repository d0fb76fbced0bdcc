import { describe, expect, test } from 'vitest';
import type { Format } from '../../src/core/dataset.ts';
import { openTextTable, type OpenedText } from '../../src/parse/text-table.ts';
import { problemOf } from './problem.ts';
import { splitRows } from './split-text.ts';

const auto: Format = {
  sheet: 1,
  member: null,
  headerRow: 'auto',
  delimiter: 'auto',
  encoding: 'auto',
  decimal: 'auto',
  footer: 'auto',
  nullValues: [],
};

describe('a text table', () => {
  test('says in its receipt how it was read, and why', async () => {
    const table = await openTextTable(text(Buffer.from('Relatório\n\nid;ação\n1;é\n', 'latin1')), auto);
    expect(table.isRagged).toBe(false);
    expect(table.receipt).toEqual({
      format: 'csv',
      member: 'a.csv',
      sheet: null,
      encoding: 'windows-1252',
      delimiter: ';',
      decisions: [
        'encoding windows-1252: byte 0xF3 in line 1 is not UTF-8',
        'delimiter ";": 2 of 3 rows at the top have 2 cells',
      ],
    });
  });

  const content = 'id;ação\r\n1;"é\n€"\r\n2;x';
  const rows = [
    { line: 1, cells: ['id', 'ação'] },
    { line: 2, cells: ['1', 'é\n€'] },
    { line: 4, cells: ['2', 'x'] },
  ];
  test.each([
    ['utf-8', Buffer.from(content)],
    ['utf-8 with a mark', Buffer.from(`\uFEFF${content}`)],
    ['utf-16le', Buffer.from(`\uFEFF${content}`, 'utf16le')],
    ['utf-16be', Buffer.from(`\uFEFF${content}`, 'utf16le').swap16()],
    ['windows-1252', Buffer.from(content.replace('€', '\x80'), 'latin1')],
  ])('gives the same rows from %s, in pieces of any size, as often as it is read', async (_, bytes) => {
    for (const size of [1, 2, 3, 7, 1000]) {
      const table = await openTextTable(text(bytes, size), auto);
      const expected = rows.map((row) => ({ ...row, isMalformed: false }));
      expect(await read(table.batches())).toEqual(expected);
      expect(await read(table.batches())).toEqual(expected);
    }
  });

  test('reads old Mac files and says so', async () => {
    const table = await openTextTable(text(Buffer.from('a;b\r1;2\r')), auto);
    expect(table.receipt.decisions).toContain('line end CR: the file has no other, as on old Macs');
    expect((await read(table.batches())).map((row) => [row.line, ...row.cells])).toEqual([
      [1, 'a', 'b'],
      [2, '1', '2'],
    ]);
  });

  test('reads a file of one column, whatever stands in it later', async () => {
    const table = await openTextTable(text(Buffer.from(`id\n${'1\n'.repeat(50_000)}2;3,4\n`)), auto);
    expect(table.receipt.delimiter).toBeNull();
    expect((await read(table.batches())).at(-1)?.cells).toEqual(['2;3,4']);
  });

  test('follows the configuration where it decides', async () => {
    const bytes = Buffer.from('a|b;c\nç|d;e\n');
    const table = await openTextTable(text(bytes), { ...auto, delimiter: '|', encoding: 'windows-1252' });
    expect((await read(table.batches())).map((row) => row.cells)).toEqual([
      ['a', 'b;c'],
      ['Ã§', 'd;e'],
    ]);
    expect(table.receipt.decisions).toEqual(['encoding windows-1252: it is configured', 'delimiter "|": it is configured']);
  });

  test('fails while it is read, with the line, when UTF-8 is configured and a late byte is not', async () => {
    const bytes = Buffer.concat([Buffer.from(`a;b\n${'1;2\n'.repeat(50_000)}`), Buffer.from('ç;1\n', 'latin1')]);
    const table = await openTextTable(text(bytes, 4096), { ...auto, encoding: 'utf-8' });
    expect(await problemOf(() => read(table.batches()))).toMatchObject({ code: 'source-unreadable', line: 50_002, column: 1 });
  });

  test('names the open quote when the first record has no end', async () => {
    const table = await openTextTable(text(Buffer.from('a;"b\n1;2\n')), auto);
    expect(await problemOf(() => read(table.batches()))).toMatchObject({ code: 'source-truncated', line: 1 });
  });

  test('reads no more than the sample and its rows need when the reader stops', async () => {
    let isClosed = 0;
    const source: OpenedText = {
      ...text(Buffer.from('a;b\n1;2\n')),
      read: async function* () {
        try {
          for (;;) yield Buffer.from('1;2\n'.repeat(10_000));
        } finally {
          isClosed++;
        }
      },
    };
    const table = await openTextTable(source, { ...auto, encoding: 'utf-8' });
    for await (const batch of table.batches()) {
      expect(batch.rowCount).toBe(10_000);
      break;
    }
    // One for the mark, one for the sample, one for the rows.
    expect(isClosed).toBe(3);
  });
});

function text(bytes: Buffer, size = 65_536): OpenedText {
  return {
    name: 'a.zip: a.csv',
    member: 'a.csv',
    read: async function* () {
      for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
    },
  };
}

async function read(batches: ReturnType<Awaited<ReturnType<typeof openTextTable>>['batches']>) {
  const rows = [];
  for await (const batch of batches) rows.push(...splitRows(batch));
  return rows;
}
