import { isAscii } from 'node:buffer';
import type { Format } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { createUtf8Check } from './utf8-check.ts';
import { windows1252ToUtf8 } from './windows-1252.ts';

export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be';

/** Bytes of a text that can be read more than once. */
export type TextSource = {
  /** What errors call the file. */
  readonly name: string;
  /** Reads from the start. */
  readonly read: () => AsyncIterable<Buffer>;
  /** Where the first byte stands that is not UTF-8, or null; undefined: nobody looked. */
  readonly firstNonUtf8?: number | null | undefined;
};

export type EncodingDecision = { readonly encoding: Encoding; readonly reason: string };

const marks: readonly (readonly [Encoding, Buffer])[] = [
  ['utf-8', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf-16le', Buffer.from([0xff, 0xfe])],
  ['utf-16be', Buffer.from([0xfe, 0xff])],
];

/** The encoding that the byte order mark at the start of a file tells, or null. */
export function markedEncoding(head: Buffer): Encoding | null {
  return marks.find(([, mark]) => head.subarray(0, mark.length).equals(mark))?.[0] ?? null;
}

/**
 * The configured encoding; else that of the byte order mark; else UTF-8 when every byte of the file is; else
 * windows-1252. Nothing is guessed from letters, and a sample is not enough: files whose first accent comes
 * after 64 KB of ASCII are common (chardet called such a latin-1 file UTF-8).
 * Throws source-unreadable when the configuration contradicts the mark.
 */
export async function decideEncoding(source: TextSource, configured: Format['encoding']): Promise<EncodingDecision> {
  const marked = markedEncoding(await firstBytes(source));
  if (configured !== 'auto') {
    if (marked !== null && marked !== configured) throw markContradicts(source.name, marked, configured);
    return { encoding: configured, reason: 'it is configured' };
  }
  if (marked !== null) return { encoding: marked, reason: 'the file starts with its byte order mark' };
  const position = source.firstNonUtf8 === undefined ? await firstNonUtf8(source) : source.firstNonUtf8;
  if (position === null) return { encoding: 'utf-8', reason: 'every byte of the file is valid UTF-8' };
  const { line, byte } = await placeOf(source, position);
  return { encoding: 'windows-1252', reason: `byte ${hex(byte)} in line ${line} is not UTF-8` };
}

/**
 * The text as UTF-8 bytes; the byte order mark of UTF-8 stays in. Throws source-unreadable with line and byte
 * for what is not UTF-8 in a file that has to be, source-truncated for half a unit of UTF-16 at the end.
 */
export function utf8Chunks(source: TextSource, encoding: Encoding): AsyncIterable<Buffer> {
  if (encoding === 'utf-8') return checkedUtf8(source);
  return encoding === 'windows-1252' ? fromWindows1252(source) : fromUtf16(source, encoding);
}

/** Three of them: a byte order mark. */
async function firstBytes(source: TextSource): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  for await (const chunk of source.read()) {
    head = Buffer.concat([head, chunk.subarray(0, 3)]);
    if (head.length >= 3) break;
  }
  return head;
}

/** Passes the chunks on untouched. The check costs 0.05 s per 400 MB, so it is done even where all was looked at before. */
async function* checkedUtf8(source: TextSource): AsyncGenerator<Buffer> {
  const check = createUtf8Check();
  for await (const chunk of source.read()) {
    const position = check.push(chunk);
    if (position !== null) throw await notUtf8(source, position);
    yield chunk;
  }
  const position = check.finish();
  if (position !== null) throw await notUtf8(source, position);
}

async function* fromWindows1252(source: TextSource): AsyncGenerator<Buffer> {
  for await (const chunk of source.read()) yield isAscii(chunk) ? chunk : windows1252ToUtf8(chunk);
}

/** Half surrogates, which a database that cuts text by units leaves behind, become U+FFFD and are counted as damage later. */
async function* fromUtf16(source: TextSource, encoding: Encoding): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  let sizeBytes = 0;
  for await (const chunk of source.read()) {
    sizeBytes += chunk.length;
    yield Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8');
  }
  if (sizeBytes % 2 === 1) {
    const message = `${source.name}: the file is ${encoding} and ends in the middle of a character`;
    throw new ProjetusError('source-truncated', message, { file: source.name, hint: 'get the file again: it was cut' });
  }
  yield Buffer.from(decoder.decode(), 'utf8');
}

async function firstNonUtf8(source: TextSource): Promise<number | null> {
  const check = createUtf8Check();
  for await (const chunk of source.read()) {
    const position = check.push(chunk);
    if (position !== null) return position;
  }
  return check.finish();
}

/** Reads again to count the lines: only a file that is at fault pays for its line numbers. */
async function placeOf(source: TextSource, position: number): Promise<{ line: number; column: number; byte: number }> {
  let line = 1;
  let lineStart = 0;
  let offset = 0;
  for await (const chunk of source.read()) {
    for (let at = chunk.indexOf(0x0a); at >= 0 && offset + at < position; at = chunk.indexOf(0x0a, at + 1)) {
      line++;
      lineStart = offset + at + 1;
    }
    const byte = chunk[position - offset];
    if (byte !== undefined) return { line, column: position - lineStart + 1, byte };
    offset += chunk.length;
  }
  throw new ProjetusError('source-changed', `${source.name} became shorter while it was read`, { file: source.name });
}

async function notUtf8(source: TextSource, position: number): Promise<ProjetusError> {
  const { line, column, byte } = await placeOf(source, position);
  const message = `${source.name}: byte ${column} of line ${line} (${hex(byte)}) is not UTF-8, and the file has to be UTF-8`;
  const hint =
    'if the accents look right in windows-1252, write format: { encoding: windows-1252 } for this dataset; ' +
    'a file with a byte order mark was damaged on its way: get it again';
  return new ProjetusError('source-unreadable', message, { file: source.name, line, column, hint });
}

function markContradicts(file: string, marked: Encoding, configured: Encoding): ProjetusError {
  const message = `${file}: the byte order mark says ${marked}, the configuration says ${configured}`;
  return new ProjetusError('source-unreadable', message, {
    file,
    line: 1,
    hint: 'write format: { encoding: auto } for this dataset',
  });
}

function hex(byte: number): string {
  return `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
