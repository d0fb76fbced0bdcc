import type { KnownBytes } from '../core/rows.ts';
import type { BinaryRow } from '../db/binary-rows.ts';
import { createHashIndex } from './hash-index.ts';
import { lineHash } from './line-hash.ts';

/**
 * The live records of a table, told apart by hashes alone: one of the line that a record was read from, one of the record.
 * A line that is known need not be split; a record that is known need not be staged.
 */
export type KnownRecords = KnownBytes & {
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

/** Typed arrays and one buffer of keys: about 70 bytes a record with a short key. */
export function createKnownRecords(capacity: number): KnownRecordsBuilder {
  const byLine = createHashIndex(capacity);
  const byRecord = createHashIndex(capacity);
  const isMet = new Uint8Array(capacity);
  const keyEnds = new Uint32Array(capacity);
  let keys = Buffer.allocUnsafe(Math.max(64, 12 * capacity));
  let count = 0;
  let met = 0;
  let isAmbiguous = false;

  const meet = (entry: number): boolean => {
    if (entry < 0) return false;
    if (isMet[entry] === 1) isAmbiguous = true;
    else met++;
    isMet[entry] = 1;
    return true;
  };
  return {
    add: ({ bytes, starts: [key, line, record], lengths: [keyBytes, lineBytes, recordBytes] }) => {
      if (count === capacity) throw new RangeError('more records are stored than were counted');
      const start = count === 0 ? 0 : keyEnds[count - 1]!;
      const end = start + keyBytes!;
      if (end > keys.length) keys = Buffer.concat([keys], 2 * end);
      bytes.copy(keys, start, key, key! + keyBytes!);
      keyEnds[count] = end;
      if (lineBytes! > 0 && !byLine.add(count, bytes, line!)) isAmbiguous = true;
      if (recordBytes! > 0 && !byRecord.add(count, bytes, record!)) isAmbiguous = true;
      count++;
    },
    meets: (line) => meet(byLine.find(lineHash(line))),
    holds: (recordHash) => meet(byRecord.find(recordHash)),
    metCount: () => met,
    isAmbiguous: () => isAmbiguous,
    *unmetKeys() {
      for (let entry = 0; entry < count; entry++) {
        if (isMet[entry] === 0) yield keys.subarray(entry === 0 ? 0 : keyEnds[entry - 1]!, keyEnds[entry]);
      }
    },
  };
}
