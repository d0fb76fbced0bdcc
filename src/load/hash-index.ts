import { hashBytes } from './line-hash.ts';

/** Finds entries by the first 16 bytes of a hash. */
export type HashIndex = {
  /** False when an entry has this hash already. */
  readonly add: (entry: number, bytes: Buffer, at: number) => boolean;
  /** The entry with this hash, of 32 hex digits or more, or -1. */
  readonly find: (hex: string) => number;
};

const wordsPerHash = hashBytes / 4;

/** Entries are numbers below `capacity`. Typed arrays: 24 to 28 bytes an entry, where a Map of strings takes 400. */
export function createHashIndex(capacity: number): HashIndex {
  const words = new Uint32Array(wordsPerHash * capacity);
  // At most two thirds full. An entry is stored as one more than its number; 0 is a free slot.
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(8, 1.5 * capacity))));
  const mask = slots.length - 1;
  return {
    add: (entry, bytes, at) => {
      for (let word = 0; word < wordsPerHash; word++) words[wordsPerHash * entry + word] = bytes.readUInt32BE(at + 4 * word);
      let slot = words[wordsPerHash * entry]! & mask;
      let isFirst = true;
      for (; slots[slot] !== 0; slot = (slot + 1) & mask) isFirst &&= !isSame(words, slots[slot]! - 1, entry);
      slots[slot] = entry + 1;
      return isFirst;
    },
    find: (hex) => {
      const first = wordAt(hex, 0);
      for (let slot = first & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const at = wordsPerHash * (slots[slot]! - 1);
        if (words[at] !== first || words[at + 1] !== wordAt(hex, 1)) continue;
        if (words[at + 2] === wordAt(hex, 2) && words[at + 3] === wordAt(hex, 3)) return slots[slot]! - 1;
      }
      return -1;
    },
  };
}

function isSame(words: Uint32Array, a: number, b: number): boolean {
  for (let word = 0; word < wordsPerHash; word++) {
    if (words[wordsPerHash * a + word] !== words[wordsPerHash * b + word]) return false;
  }
  return true;
}

/** The value of each digit by its code. */
const digits = new Uint8Array(128);
for (const [value, digit] of [...'0123456789abcdef'].entries()) digits[digit.charCodeAt(0)] = value;

/** parseInt of a slice takes five times as long. */
function wordAt(hex: string, word: number): number {
  let value = 0;
  for (let at = 8 * word; at < 8 * word + 8; at++) value = (value << 4) | digits[hex.charCodeAt(at)]!;
  return value >>> 0;
}
