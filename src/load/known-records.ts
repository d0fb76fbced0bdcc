import type { KnownBytes } from '../core/rows.ts';
import type { BinaryRow } from '../db/binary-rows.ts';
import { createHashIndex, longer } from './hash-index.ts';
import { hexWords, lineWords, wordsPerHash } from './line-hash.ts';

/**
 * The live records of a table, told apart by hashes alone: one of the line that a record was read from, one of the record.
 * A line that is known need not be split; a record that is known need not be staged.
 */
export type KnownRecords = KnownBytes & {
  readonly size: () => number;
  /** How many records were met in today's files so far. */
  readonly metCount: () => number;
  /** True once a record was met twice, or two are stored that are alike: hashes do not tell then which row is which. */
  readonly isAmbiguous: () => boolean;
  /** True when a record with this hash (64 hex digits) is stored. The record counts as met. */
  readonly holds: (recordHash: string) => boolean;
  /** The keys, as text, of the records that were not met. */
  readonly unmetKeys: () => Iterable<Buffer>;
};

export type KnownRecordsBuilder = KnownRecords & {
  /**
   * Takes a record: its key as text, the hash of its line, that of the record, 16 bytes each; NULL where there is none by
   * which it may be told.
   */
  readonly add: (row: BinaryRow) => void;
};

/**
 * Typed arrays and one buffer of keys: 50 to 70 bytes a record with a short key. Records of a table without a key
 * `mayBeAlike`. `expected`: about how many there will be.
 */
export function createKnownRecords(expected: number, mayBeAlike: boolean): KnownRecordsBuilder {
  const byLine = createHashIndex(expected);
  const byRecord = createHashIndex(expected);
  let isMet = new Uint8Array(expected);
  let keyEnds = new Uint32Array(expected);
  let keys = Buffer.allocUnsafe(Math.max(64, 8 * expected));
  let count = 0;
  let met = 0;
  let isMetTwice = false;
  const words = new Uint32Array(wordsPerHash);
  /** Behind the record that was met last: files mostly have the order of the table. */
  let next = 0;

  const meet = (entry: number): boolean => {
    if (entry < 0) return false;
    if (isMet[entry] === 1) isMetTwice = true;
    else met++;
    isMet[entry] = 1;
    next = entry + 1;
    return true;
  };
  return {
    add: ({ bytes, starts: [key, line, record], lengths: [keyBytes, lineBytes, recordBytes] }) => {
      if (count === isMet.length) {
        isMet = longer(isMet);
        keyEnds = longer(keyEnds);
      }
      const start = count === 0 ? 0 : keyEnds[count - 1]!;
      const end = start + keyBytes!;
      if (end > keys.length) keys = Buffer.concat([keys], 2 * end);
      bytes.copy(keys, start, key, key! + keyBytes!);
      keyEnds[count] = end;
      if (lineBytes! > 0) byLine.add(bytes, line!);
      else byLine.addNothing();
      if (recordBytes! > 0) byRecord.add(bytes, record!);
      else byRecord.addNothing();
      count++;
    },
    meets: (line) => {
      lineWords(line, words);
      return meet(byLine.find(words, next));
    },
    holds: (recordHash) => {
      hexWords(recordHash, words);
      return meet(byRecord.find(words, next));
    },
    size: () => count,
    metCount: () => met,
    isAmbiguous: () => isMetTwice || (mayBeAlike && byRecord.hasTwins()),
    *unmetKeys() {
      for (let entry = 0; entry < count; entry++) {
        if (isMet[entry] === 0) yield keys.subarray(entry === 0 ? 0 : keyEnds[entry - 1]!, keyEnds[entry]);
      }
    },
  };
}
