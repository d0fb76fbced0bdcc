/** Bytes with room at the end. Whoever appends has made the room before. */
export type ByteSink = { bytes: Buffer; length: number };

/** Says what is wrong with a text; the caller knows where it stands. */
export type TextFail = (what: string) => Error;

const ampersand = 0x26;
const semicolon = 0x3b;
const underscore = 0x5f;
const named: Readonly<Record<string, number>> = { amp: 0x26, lt: 0x3c, gt: 0x3e, quot: 0x22, apos: 0x27 };

/**
 * Appends character data with its references decoded and its line ends made LF, as XML wants. Decoding never makes
 * it longer: room for `end - start` bytes is enough. A loop over bytes, because most texts are short: a call into
 * native code costs more than copying 30 of them.
 */
export function appendXmlText(
  sink: ByteSink,
  source: Buffer,
  start: number,
  end: number,
  isCdata: boolean,
  fail: TextFail,
): void {
  const target = sink.bytes;
  let length = sink.length;
  for (let at = start; at < end; at++) {
    const byte = source[at]!;
    if (byte === ampersand && !isCdata) {
      sink.length = length;
      at = appendReference(sink, source, at, end, fail);
      length = sink.length;
    } else if (byte === 0x0d) {
      // What follows the last byte is a bracket or a quote, never LF.
      if (source[at + 1] !== 0x0a) target[length++] = 0x0a;
    } else {
      target[length++] = byte;
    }
  }
  sink.length = length;
}

/** Appends what `&…;` at `at` stands for; gives the position of its semicolon. */
function appendReference(sink: ByteSink, source: Buffer, at: number, end: number, fail: TextFail): number {
  // The longest that means anything is `&#x0010FFFF;`; leading zeros beyond that are somebody's joke.
  const stop = source.subarray(at, Math.min(end, at + 16)).indexOf(semicolon);
  const name = source.toString('latin1', at + 1, at + Math.max(stop, 1));
  const codePoint = /^#[0-9]+$/.test(name)
    ? Number(name.slice(1))
    : /^#x[0-9a-f]+$/i.test(name)
      ? Number.parseInt(name.slice(2), 16)
      : Object.hasOwn(named, name)
        ? named[name]!
        : -1;
  if (codePoint < 0 || codePoint > 0x10ffff) throw fail(`has the reference &${name.slice(0, 12)}…, which means nothing`);
  appendCodePoint(sink, codePoint);
  return at + stop;
}

/**
 * Appends a code point as UTF-8. Half of a surrogate pair becomes three bytes ED A0..BF xx, which the validation
 * refuses; the second half joins the first one before it.
 */
function appendCodePoint(sink: ByteSink, codePoint: number): void {
  const { bytes } = sink;
  if (codePoint >= 0xdc00 && codePoint <= 0xdfff && endsInHighSurrogate(sink)) {
    const high = 0xd000 | ((bytes[sink.length - 2]! & 0x3f) << 6) | (bytes[sink.length - 1]! & 0x3f);
    sink.length -= 3;
    codePoint = 0x10000 + ((high & 0x3ff) << 10) + (codePoint & 0x3ff);
  }
  if (codePoint < 0x80) {
    bytes[sink.length++] = codePoint;
  } else if (codePoint < 0x800) {
    bytes[sink.length++] = 0xc0 | (codePoint >> 6);
    bytes[sink.length++] = 0x80 | (codePoint & 0x3f);
  } else {
    if (codePoint < 0x10000) {
      bytes[sink.length++] = 0xe0 | (codePoint >> 12);
    } else {
      bytes[sink.length++] = 0xf0 | (codePoint >> 18);
      bytes[sink.length++] = 0x80 | ((codePoint >> 12) & 0x3f);
    }
    bytes[sink.length++] = 0x80 | ((codePoint >> 6) & 0x3f);
    bytes[sink.length++] = 0x80 | (codePoint & 0x3f);
  }
}

/** Valid UTF-8 has no ED A0..AF xx, so the bytes of a neighbour can never be taken for one. */
function endsInHighSurrogate({ bytes, length }: ByteSink): boolean {
  return length >= 3 && bytes[length - 3] === 0xed && (bytes[length - 2]! & 0xf0) === 0xa0;
}

/**
 * Decodes `_x000D_` from `start` to the end of the sink, in place: how workbooks write the characters that XML
 * forbids. `_x005F_` is the underscore that keeps a text `_x000D_` itself.
 */
export function unescapeSheetText(sink: ByteSink, start: number): void {
  const { bytes, length: end } = sink;
  let first = start;
  while (first < end && !isEscape(bytes, first, end)) first++;
  if (first === end) return;
  sink.length = first;
  for (let at = first; at < end; at++) {
    if (isEscape(bytes, at, end)) {
      appendCodePoint(sink, Number.parseInt(bytes.toString('latin1', at + 2, at + 6), 16));
      at += 6;
    } else {
      bytes[sink.length++] = bytes[at]!;
    }
  }
}

function isEscape(bytes: Buffer, at: number, end: number): boolean {
  if (bytes[at] !== underscore || at + 7 > end || bytes[at + 1] !== 0x78 || bytes[at + 6] !== underscore) return false;
  for (let digit = at + 2; digit < at + 6; digit++) if (!isHexDigit(bytes[digit]!)) return false;
  return true;
}

function isHexDigit(byte: number): boolean {
  const lower = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x66);
}

/**
 * Appends the UTF-8 of a JavaScript string, with half surrogates as above. Room for three bytes a code unit is
 * enough.
 */
export function appendString(sink: ByteSink, text: string): void {
  if (text.isWellFormed()) {
    sink.length += sink.bytes.write(text, sink.length, 'utf8');
    return;
  }
  for (const character of text) appendCodePoint(sink, character.codePointAt(0)!);
}
