import type { Format } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { markedEncoding } from './encoding.ts';

/** What the first bytes say. `zip` may be a workbook or an archive, `cfb` a workbook of before 2007 or a locked one. */
export type Content = 'text' | 'zip' | 'gzip' | 'cfb';

/** Bytes that are enough for `sniff`. */
export const SNIFF_BYTES = 4096;

/**
 * Decides by content, never by the name. `head` is the first SNIFF_BYTES, or all of a shorter file.
 * Throws source-empty, source-disguised for a web page, XML or JSON, source-unreadable for other formats.
 */
export function sniff(head: Buffer, name: string, encoding: Format['encoding']): Content {
  if (head.length === 0) throw empty(name, 'has 0 bytes');
  const container = containers.find(([, magic]) => startsWith(head, magic))?.[0];
  if (container !== undefined) return container;
  const foreign = foreignFormats.find(([, magic]) => startsWith(head, magic))?.[0];
  if (foreign !== undefined) throw notData(name, foreign);

  const text = headText(head, encoding);
  if (text.trim() === '' && head.length < SNIFF_BYTES) throw empty(name, 'holds no text');
  const markup = markups.find(([, pattern]) => pattern.test(text));
  if (markup !== undefined) throw disguisedMarkup(name, markup[0], text, markup[2]);
  if (isUtf16WithoutMark(head, text)) throw unmarkedUtf16(name);
  if (isBinary(text)) throw notData(name, 'binary data');
  return 'text';
}

const containers: readonly (readonly [Content, readonly number[]])[] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  // An archive with no members.
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['gzip', [0x1f, 0x8b]],
  ['cfb', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
];

/** What people and sites have been seen to put where a table was expected. */
const foreignFormats: readonly (readonly [string, readonly number[]])[] = [
  ['a PDF document', [...Buffer.from('%PDF-')]],
  ['an RTF document', [...Buffer.from('{\\rtf')]],
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG image', [0xff, 0xd8, 0xff]],
  ['a GIF image', [...Buffer.from('GIF8')]],
  ['a Parquet file', [...Buffer.from('PAR1')]],
  ['an SQLite database', [...Buffer.from('SQLite format 3')]],
  ['a RAR archive', [...Buffer.from('Rar!')]],
  ['a 7-Zip archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['a bzip2 archive', [...Buffer.from('BZh')]],
  ['an xz archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['a zstd archive', [0x28, 0xb5, 0x2f, 0xfd]],
];

const downloadAgain =
  'the site answered with this instead of the file: open it in a browser to see what it says, then download the file again';
const saveAgain = 'open it in a spreadsheet program and save it as .xlsx or .csv';

/** No header starts so. The third is the hint. */
const markups: readonly (readonly [string, RegExp, string])[] = [
  ['a spreadsheet saved as XML', /^\s*<\?xml[^]*urn:schemas-microsoft-com:office:spreadsheet/i, saveAgain],
  [
    'a web page (HTML)',
    /^\s*(<!--[^]*?-->\s*)*<(!doctype\s+html|html|head|body|title|meta|script|table|div|form|center|h1|p)\b/i,
    downloadAgain,
  ],
  ['XML', /^\s*<[?!a-z]/i, downloadAgain],
  ['JSON', /^\s*(\{\s*"|\{\s*\}|\[\s*\{)/, downloadAgain],
];

function startsWith(head: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, index) => head[index] === byte);
}

/** The head as text that is good enough to recognise things in: latin-1 gives a character to each byte. */
function headText(head: Buffer, configured: Format['encoding']): string {
  const encoding = markedEncoding(head) ?? configured;
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return new TextDecoder(encoding).decode(head);
  return head.toString('latin1', encoding === 'utf-8' && head[0] === 0xef ? 3 : 0);
}

/** Every second of the first 64 bytes is NUL: Latin letters in two bytes each. */
function isUtf16WithoutMark(head: Buffer, text: string): boolean {
  const sample = text.slice(0, 64);
  return sample.length === Math.min(64, head.length) && sample.length >= 4 && /^([^\0]\0)+[^\0]?$/.test(sample);
}

/**
 * NUL in the first line, or one character in ten a control character. A stray NUL further down is no reason to
 * refuse the file: its row is rejected.
 */
function isBinary(text: string): boolean {
  const firstLine = text.split(/[\r\n]/, 1)[0]!;
  // oxlint-disable-next-line no-control-regex
  const controls = text.match(/[\0-\x08\x0e-\x1f]/g)?.length ?? 0;
  return firstLine.includes('\0') || controls * 10 > text.length;
}

function empty(file: string, what: string): ProjetusError {
  return new ProjetusError('source-empty', `${file} ${what}`, {
    file,
    hint: 'the download may have failed: get the file again',
  });
}

function notData(file: string, what: string): ProjetusError {
  const hint = 'files of these kinds are read: .csv .tsv .txt .zip .gz .xlsx .xlsm .xls .xlsb .ods';
  return new ProjetusError('source-unreadable', `${file} is ${what}, not a table`, { file, hint });
}

function disguisedMarkup(file: string, what: string, text: string, hint: string): ProjetusError {
  // The first tag or bracket: what follows may be a table of people.
  const beginning = /^(<[^>]{0,38}>?|[{[])/.exec(text.trim())![0].replace(/\s+/g, ' ');
  return new ProjetusError('source-disguised', `${file} is ${what}, not a table: it starts with ${beginning}`, { file, hint });
}

function unmarkedUtf16(file: string): ProjetusError {
  const hint = 'write format: { encoding: utf-16le } for this dataset in the configuration';
  return new ProjetusError('source-unreadable', `${file} seems to be UTF-16 without a byte order mark`, { file, hint });
}
