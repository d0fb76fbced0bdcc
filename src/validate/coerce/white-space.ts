/** The ASCII bytes that coercion looks for, by name. */
export const bytes = {
  space: 0x20,
  quote: 0x22,
  hash: 0x23,
  comma: 0x2c,
  minus: 0x2d,
  dot: 0x2e,
  slash: 0x2f,
  zero: 0x30,
  nine: 0x39,
  backslash: 0x5c,
} as const;

/**
 * What JavaScript's trim() takes away, and U+200B, which files of this collection carry around numbers.
 * Both functions give the new limit of the range; its bytes are UTF-8.
 */
export function trimStart(text: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const size = whiteSizeAt(text, at, end);
    if (size === 0) break;
    at += size;
  }
  return at;
}

export function trimEnd(text: Buffer, start: number, end: number): number {
  let at = end;
  while (at > start) {
    const last = text[at - 1]!;
    if (last < 0x80) {
      if (!isAsciiWhite(last)) break;
      at--;
    } else if (at - start >= 2 && whiteSizeAt(text, at - 2, at) === 2) at -= 2;
    else if (at - start >= 3 && whiteSizeAt(text, at - 3, at) === 3) at -= 3;
    else break;
  }
  return at;
}

function isAsciiWhite(byte: number): boolean {
  return byte === bytes.space || (byte >= 0x09 && byte <= 0x0d);
}

/** True for every byte that white space can begin with, and for some others. */
export function mayBeginWhite(byte: number): boolean {
  return isAsciiWhite(byte) || byte === 0xc2 || byte >= 0xe1;
}

/** How many bytes the white space at `at` takes: 0 when there is none. */
function whiteSizeAt(text: Buffer, at: number, end: number): number {
  const first = text[at]!;
  if (first < 0x80) return isAsciiWhite(first) ? 1 : 0;
  if (first === 0xc2) return at + 1 < end && text[at + 1] === 0xa0 ? 2 : 0; // U+00A0
  if (first < 0xe1 || at + 2 >= end) return 0;
  return isWideWhite((first << 16) | (text[at + 1]! << 8) | text[at + 2]!) ? 3 : 0;
}

function isWideWhite(encoded: number): boolean {
  if (encoded >= 0xe28080 && encoded <= 0xe2808b) return true; // U+2000 to U+200B
  switch (encoded) {
    case 0xe19a80: // U+1680
    case 0xe280a8: // U+2028
    case 0xe280a9: // U+2029
    case 0xe280af: // U+202F
    case 0xe2819f: // U+205F
    case 0xe38080: // U+3000
    case 0xefbbbf: // U+FEFF
      return true;
    default:
      return false;
  }
}
