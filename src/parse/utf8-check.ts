import { isUtf8 } from 'node:buffer';

/** Strict UTF-8 over bytes that come in chunks: a sequence that the end of a chunk cuts is judged with the next one. */
export type Utf8Check = {
  /** The position in the file of the first sequence that is not UTF-8, or null. Not to be called after a position. */
  push(chunk: Buffer): number | null;
  /** The position of a sequence that the end of the file cuts, or null. */
  finish(): number | null;
};

export function createUtf8Check(): Utf8Check {
  /** A lead byte and what came of its sequence: three bytes at most. */
  let cut: Buffer = Buffer.alloc(0);
  /** In the file, of `cut`; all before it is UTF-8. */
  let position = 0;

  return {
    push(chunk) {
      let rest = chunk;
      if (cut.length > 0) {
        const missing = sequenceLength(cut[0]!) - cut.length;
        cut = Buffer.concat([cut, chunk.subarray(0, missing)]);
        if (chunk.length < missing) return null;
        if (!isUtf8(cut)) return position;
        position += cut.length;
        rest = chunk.subarray(missing);
      }
      const end = completeEnd(rest, rest.length);
      if (!isUtf8(rest.subarray(0, end))) return position + firstInvalid(rest);
      position += end;
      // A copy: a view would keep the whole chunk in memory.
      cut = Buffer.from(rest.subarray(end));
      return null;
    },
    finish: () => (cut.length === 0 ? null : position),
  };
}

/** Bytes that the lead byte announces; one for a byte that leads nothing. Whether it may lead is for `isUtf8` to say. */
function sequenceLength(lead: number): number {
  if (lead < 0xc0) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** The length of the first `length` bytes without a sequence that is cut at their end. */
function completeEnd(bytes: Buffer, length: number): number {
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back]!;
    const isContinuation = (byte & 0xc0) === 0x80;
    if (!isContinuation) return back < sequenceLength(byte) ? length - back : length;
  }
  return length;
}

/** Where the first bad sequence starts, by halving: 18 looks for a chunk of 256 KB. */
function firstInvalid(bytes: Buffer): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isUtf8(bytes.subarray(0, completeEnd(bytes, middle)))) valid = middle;
    else invalid = middle;
  }
  return completeEnd(bytes, valid);
}
