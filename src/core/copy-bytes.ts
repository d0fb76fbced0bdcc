/** Memory that values are copied into. `source` is the buffer of the last longer copy, kept with its words. */
export type CopyTarget = { bytes: Buffer; words: DataView; source: Buffer; sourceWords: DataView };

export function copyTarget(bytes: Buffer): CopyTarget {
  const words = wordsOf(bytes);
  return { bytes, words, source: bytes, sourceWords: words };
}

/** Bytes. A loop takes 1.3 ns a byte, one over words of four bytes 0.5 ns, and a call of copy() 44 ns whatever the length. */
const fewBytes = 12;
const manyBytes = 80;

/** Copies a range to `at`, where there is room for it, and gives the position behind it. */
export function copyBytes(target: CopyTarget, at: number, source: Buffer, start: number, end: number): number {
  const length = end - start;
  if (length > manyBytes) return at + source.copy(target.bytes, at, start, end);
  const { bytes } = target;
  let to = at;
  let from = length < fewBytes ? start : copyWords(target, at, source, start, end);
  to += from - start;
  while (from < end) bytes[to++] = source[from++]!;
  return to;
}

/** Copies the whole words of a range, and gives the position of its last bytes. Values of a batch come from one buffer. */
function copyWords(target: CopyTarget, at: number, source: Buffer, start: number, end: number): number {
  if (target.source !== source) {
    target.source = source;
    target.sourceWords = wordsOf(source);
  }
  const { words, sourceWords } = target;
  let from = start;
  for (let to = at; from + 4 <= end; from += 4, to += 4) words.setInt32(to, sourceWords.getInt32(from));
  return from;
}

function wordsOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
