import { wordsPerHash } from './line-hash.ts';

/** Finds entries, numbered from 0 as they are added, by the first 16 bytes of a hash. */
export type HashIndex = {
  readonly add: (bytes: Buffer, at: number) => void;
  /** Adds an entry that is never found. */
  readonly addNothing: () => void;
  /** The entry with the hash of these four words, or -1. `guess` is looked at first. */
  readonly find: (wanted: Uint32Array, guess: number) => number;
  /** Whether two entries have one hash. */
  readonly hasTwins: () => boolean;
};

/** A slot holds an entry's number plus one, and the last ten bits of its hash's first word above that; 0 is a free slot. */
const entryBits = 22;
const entryMask = 2 ** entryBits - 1;

/** The most entries that an index can have. */
export const mostEntries: number = entryMask - 1;

/**
 * Typed arrays: 24 to 30 bytes an entry, where a Map of strings takes 400. The slots are made when a guess fails for the
 * first time: where files have the order of the table, most days need none (two random reads of memory an entry).
 */
export function createHashIndex(expected: number): HashIndex {
  let words = new Uint32Array(wordsPerHash * expected);
  let isFindable = new Uint8Array(expected);
  let count = 0;
  let slots: Uint32Array | null = null;
  let hasTwins = false;

  const isSame = (entry: number, wanted: Uint32Array): boolean => {
    const at = wordsPerHash * entry;
    return (
      words[at] === wanted[0] &&
      words[at + 1] === wanted[1] &&
      words[at + 2] === wanted[2] &&
      words[at + 3] === wanted[3] &&
      isFindable[entry] === 1
    );
  };
  const makeRoom = (): void => {
    if (count < isFindable.length) return;
    isFindable = longer(isFindable);
    words = longer(words, wordsPerHash * isFindable.length);
  };
  const makeSlots = (): Uint32Array => {
    // Three quarters full. Powers of two would be 6 MB more for two indexes of a million.
    const made = new Uint32Array(Math.ceil((4 * count) / 3) + 8);
    for (let entry = 0; entry < count; entry++) if (isFindable[entry] === 1) place(made, entry);
    return made;
  };
  const place = (into: Uint32Array, entry: number): void => {
    const first = words[wordsPerHash * entry]!;
    let slot = slotOf(first, into);
    for (; into[slot] !== 0; slot = after(slot, into)) {
      if (into[slot]! >>> entryBits === tagOf(first) && areTwins(words, (into[slot]! & entryMask) - 1, entry)) hasTwins = true;
    }
    into[slot] = ((tagOf(first) << entryBits) | (entry + 1)) >>> 0;
  };
  return {
    add: (bytes, at) => {
      makeRoom();
      // readUInt32BE takes four times as long.
      for (let word = wordsPerHash * count, from = at; word < wordsPerHash * (count + 1); word++, from += 4) {
        words[word] = (bytes[from]! << 24) | (bytes[from + 1]! << 16) | (bytes[from + 2]! << 8) | bytes[from + 3]!;
      }
      isFindable[count++] = 1;
    },
    addNothing: () => {
      makeRoom();
      count++;
    },
    find: (wanted, guess) => {
      if (guess < count && isSame(guess, wanted)) return guess;
      slots ??= makeSlots();
      const first = wanted[0]!;
      const tag = tagOf(first);
      for (let slot = slotOf(first, slots); slots[slot] !== 0; slot = after(slot, slots)) {
        const entry = (slots[slot]! & entryMask) - 1;
        if (slots[slot]! >>> entryBits === tag && isSame(entry, wanted)) return entry;
      }
      return -1;
    },
    hasTwins: () => {
      slots ??= makeSlots();
      return hasTwins;
    },
  };
}

/** The same numbers in an array that is longer: more than twice as long, where nothing else is said. */
export function longer<A extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(
  array: A,
  length = 2 * array.length + 64,
): A {
  const made = new (array.constructor as new (length: number) => A)(length);
  made.set(array);
  return made;
}

/** By the high bits of a hash's first word; its low ones are the tag. */
function slotOf(first: number, slots: Uint32Array): number {
  return Math.floor((first / 2 ** 32) * slots.length);
}

function after(slot: number, slots: Uint32Array): number {
  return slot + 1 === slots.length ? 0 : slot + 1;
}

const tagMask = 2 ** (32 - entryBits) - 1;

function tagOf(first: number): number {
  return first & tagMask;
}

function areTwins(words: Uint32Array, a: number, b: number): boolean {
  for (let word = 0; word < wordsPerHash; word++) {
    if (words[wordsPerHash * a + word] !== words[wordsPerHash * b + word]) return false;
  }
  return true;
}
