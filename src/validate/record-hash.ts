import { hash } from 'node:crypto';
import { copyBytes, copyTarget, type CopyTarget } from '../core/copy-bytes.ts';
import type { RecordShape, RecordView } from '../core/record.ts';
import { bytes } from './coerce/white-space.ts';

export type RecordHasher = {
  /** SHA-256 of the canonical JSON, 64 hex digits. */
  readonly hash: (view: RecordView) => string;
  /** `{"a":"1","b":"x"}`: keys in code-unit order, NULLs left out, values as text, escapes as JSON.stringify's. */
  readonly canonicalJson: (view: RecordView) => string;
};

/** Builds the canonical JSON as bytes in one buffer that all records share: no value becomes a string. */
export function createRecordHasher(shape: RecordShape): RecordHasher {
  const names = shape.columns.map((column) => nameOf(column.name));
  const json = createJson();
  return {
    hash: (view) => hash('sha256', head(json, writeJson(json, names, view)), 'hex'),
    canonicalJson: (view) => head(json, writeJson(json, names, view)).toString('utf8'),
  };
}

/** `,"name":"`, of `size` bytes, as words of four bytes: the names are as long as the values, and never change. */
type Name = { readonly size: number; readonly words: Int32Array };

function nameOf(column: string): Name {
  const text = Buffer.from(`,${JSON.stringify(column)}:"`);
  const padded = Buffer.concat([text, Buffer.alloc(3)]);
  return {
    size: text.length,
    words: Int32Array.from({ length: Math.ceil(text.length / 4) }, (_, word) => padded.readInt32BE(4 * word)),
  };
}

/** The buffer, and views of its first bytes by their number: a new one for each record took 0.15 s a million, and GC. */
type Json = { target: CopyTarget; heads: (Buffer | undefined)[] };

function createJson(bytes = 65_536): Json {
  return { target: copyTarget(Buffer.allocUnsafeSlow(bytes)), heads: Array.from({ length: usualSize }) };
}

/** Bytes. Longer records get a view of their own each. */
const usualSize = 4096;

function head(json: Json, size: number): Buffer {
  if (size >= usualSize) return json.target.bytes.subarray(0, size);
  return (json.heads[size] ??= json.target.bytes.subarray(0, size));
}

function writeJson(json: Json, names: readonly Name[], { starts, ends, buffers, isPlain }: RecordView): number {
  let to = 0;
  for (let column = 0; column < names.length; column++) {
    const start = starts[column]!;
    if (start < 0) continue;
    const end = ends[column]!;
    const name = names[column]!;
    reserve(json, to, name.size + mostBytesOfByte * (end - start));
    to = writeName(json.target.words, to, name);
    const value = buffers[column]!;
    to = isPlain[column] === 1 ? copyBytes(json.target, to, value, start, end) : escape(json.target.bytes, to, value, start, end);
    json.target.bytes[to++] = bytes.quote;
  }
  // The brace takes the place of the first name's comma; a record of NULLs has no name.
  json.target.bytes[0] = 0x7b;
  if (to === 0) to = 1;
  json.target.bytes[to++] = 0x7d;
  return to;
}

/** One byte becomes six at worst: `\u0001`. */
const mostBytesOfByte = 6;
/** What a name's last word writes behind it, the value's quote, and the brace. */
const spareBytes = 8;

function reserve(json: Json, used: number, size: number): void {
  if (used + size + spareBytes <= json.target.bytes.length) return;
  const longer = createJson(2 * (used + size + spareBytes));
  json.target.bytes.copy(longer.target.bytes, 0, 0, used);
  Object.assign(json, longer);
}

function writeName(json: DataView, at: number, { size, words }: Name): number {
  for (let word = 0; word < words.length; word++) json.setInt32(at + 4 * word, words[word]!);
  return at + size;
}

/** What JSON.stringify writes for each byte that cannot stand as it is. */
const escapes: readonly (Buffer | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const escaped = byte < 0x80 ? JSON.stringify(String.fromCharCode(byte)).slice(1, -1) : '';
  return escaped.length > 1 ? Buffer.from(escaped) : undefined;
});

function escape(json: Buffer, at: number, value: Buffer, start: number, end: number): number {
  let to = at;
  for (let i = start; i < end; i++) {
    const escaped = escapes[value[i]!];
    if (escaped === undefined) json[to++] = value[i]!;
    else to += escaped.copy(json, to);
  }
  return to;
}
