import { describe, expect, test } from 'vitest';
import { agreeWithName, type FileKind } from '../../src/parse/name-agreement.ts';
import { sniff, type Content } from '../../src/parse/sniff.ts';
import { problemOf } from './problem.ts';

const bytes = (...values: number[]) => Buffer.from([...values, ...Buffer.alloc(32)]);

describe('the content', () => {
  const accepted: readonly (readonly [string, Buffer, Content])[] = [
    ['is a zip', bytes(0x50, 0x4b, 3, 4), 'zip'],
    ['is an empty zip', bytes(0x50, 0x4b, 5, 6), 'zip'],
    ['is gzip', bytes(0x1f, 0x8b, 8), 'gzip'],
    ['is an old workbook', bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1), 'cfb'],
    ['is text', Buffer.from('id;nome\n'), 'text'],
    ['is text of one letter', Buffer.from('x'), 'text'],
    ['is text after a mark', Buffer.from('\uFEFFid;nome\n'), 'text'],
    ['is text in latin-1', Buffer.from('ação;\xa0', 'latin1'), 'text'],
    ['is text in UTF-16 after its mark', Buffer.from('\uFEFFid;nome\n', 'utf16le'), 'text'],
    ['is text, though a NUL is in a row', Buffer.from('id;nome\n1;a\0b\n'), 'text'],
    ['is text, though a cell begins like a tag', Buffer.from('id;a <b>\n1;<html>\n'), 'text'],
    ['is text that begins with a sign', Buffer.from('< 1;b\n'), 'text'],
    ['is text that begins with PK', Buffer.from('PKID;b\n'), 'text'],
  ];
  test.each(accepted)('%s', (_, head, content) => {
    expect(sniff(head, 'a.csv', 'auto')).toBe(content);
  });

  test('is UTF-16 without a mark when that is configured', () => {
    expect(sniff(Buffer.from('id;nome\n', 'utf16le'), 'a.csv', 'utf-16le')).toBe('text');
  });

  const refused: readonly (readonly [string, Buffer | string, string, RegExp])[] = [
    ['nothing', '', 'source-empty', /has 0 bytes/],
    ['blanks', ' \r\n\r\n', 'source-empty', /holds no text/],
    ['a mark alone', '\uFEFF', 'source-empty', /holds no text/],
    ['a web page', '\n<!DOCTYPE html>\n<html><body>', 'source-disguised', /a web page \(HTML\).*<!DOCTYPE html>/],
    ['a web page after a mark', '\uFEFF<HTML lang="pt">', 'source-disguised', /web page/],
    ['a web page after a comment', '<!-- x -->\n<table border=1>', 'source-disguised', /web page/],
    ['a web page in UTF-16', Buffer.from('\uFEFF<html>', 'utf16le'), 'source-disguised', /web page/],
    [
      'a spreadsheet in XML',
      '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
      'source-disguised',
      /spreadsheet saved as XML/,
    ],
    ['an error of a storage service', '<?xml version="1.0"?><Error><Code>BlobNotFound', 'source-disguised', /is XML/],
    ['JSON', '{"error":{"code":404}}', 'source-disguised', /is JSON/],
    ['a list in JSON', '[ {"id":1}]', 'source-disguised', /is JSON/],
    ['a PDF', '%PDF-1.7\n%\xe2', 'source-unreadable', /a PDF document/],
    ['an image', bytes(0x89, 0x50, 0x4e, 0x47), 'source-unreadable', /a PNG image/],
    ['Parquet', 'PAR1\x15\x04', 'source-unreadable', /Parquet/],
    ['unknown bytes with NUL', bytes(0x7f, 0x45, 0x4c, 0x46, 2), 'source-unreadable', /binary data/],
    [
      'unknown bytes with one NUL in the first line',
      Buffer.from('ab\0 and some more words than ten\nand more\n'),
      'source-unreadable',
      /binary data/,
    ],
    ['unknown bytes without NUL in the first line', Buffer.from('ab\n\x01\x02\x03\x04'), 'source-unreadable', /binary data/],
    ['UTF-16 without a mark', Buffer.from('id;nome\n1;a\n', 'utf16le'), 'source-unreadable', /UTF-16 without a byte order mark/],
  ];
  test.each(refused)('refuses %s', async (_, head, code, message) => {
    const error = await problemOf(() => sniff(Buffer.from(head as string), 'a.xls', 'auto'));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.hint).not.toBeNull();
  });

  test('prints the configuration for UTF-16 without a mark', async () => {
    const error = await problemOf(() => sniff(Buffer.from('id;nome', 'utf16le'), 'a.csv', 'auto'));
    expect(error.hint).toContain('format: { encoding: utf-16le }');
  });
});

describe('the name', () => {
  test.each<[FileKind, string]>([
    ['text', 'a.csv'],
    ['text', 'a.TSV'],
    ['text', 'a.csv.2026-08-06'],
    ['text', 'a'],
    ['xlsx', 'a.xls'],
    ['workbook', 'a.xlsx'],
    ['gz', 'a.csv.zip'],
    ['zip', 'a.csv.zip'],
  ])('agrees: %s named %s', (kind, name) => {
    expect(() => agreeWithName(kind, name)).not.toThrow();
  });

  test.each<[FileKind, string, string]>([
    ['text', 'a.xlsx', '.csv'],
    ['text', 'a.xls', '.csv'],
    ['text', 'a.zip', '.csv'],
    ['xlsx', 'a.csv', '.xlsx'],
    ['xlsx', 'a.zip', '.xlsx'],
    ['workbook', 'a.txt', '.xls'],
    ['zip', 'a.xlsx', '.zip'],
    ['gz', 'a.csv', '.gz'],
  ])('is refused: %s named %s', async (kind, name, ending) => {
    const error = await problemOf(() => agreeWithName(kind, name));
    expect(error).toMatchObject({ code: 'source-disguised', file: name });
    expect(error.hint).toContain(`rename it to end in ${ending}`);
  });
});
