import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { BinaryRow } from '../../src/db/binary-rows.ts';
import { createKnownRecords, type KnownRecordsBuilder } from '../../src/load/known-records.ts';

const sha = (text: string) => createHash('sha256').update(text).digest();
const record = (text: string) => sha(text).toString('hex');

function rowOf(key: string, line: string | null, hash: string | null): BinaryRow {
  const parts = [
    Buffer.from(key),
    line === null ? null : sha(line).subarray(0, 16),
    hash === null ? null : sha(hash).subarray(0, 16),
  ];
  const bytes = Buffer.concat(parts.map((part) => part ?? Buffer.alloc(0)));
  let end = 0;
  const starts = parts.map((part) => (end += part?.length ?? 0) - (part?.length ?? 0));
  return { bytes, starts: Int32Array.from(starts), lengths: Int32Array.from(parts, (part) => part?.length ?? -1) };
}

type Row = [key: string, line: string | null, record: string | null];

function knownOf(...rows: Row[]): KnownRecordsBuilder {
  const known = createKnownRecords(rows.length, true);
  for (const row of rows) known.add(rowOf(...row));
  return known;
}

const unmet = (known: KnownRecordsBuilder) => [...known.unmetKeys()].map(String);

describe('stored records', () => {
  it('are met by their line or by their own hash, and the others are left', () => {
    const known = knownOf(['1', 'l1', 'r1'], ['2', null, 'r2'], ['3', 'l3', null], ['a longer key than most', 'l4', 'r4']);
    expect(known.meets(Buffer.from('l1'))).toBe(true);
    expect(known.holds(record('r2'))).toBe(true);
    expect(known.meets(Buffer.from('l3'))).toBe(true);
    expect(known.meets(Buffer.from('other'))).toBe(false);
    expect(known.holds(record('r3'))).toBe(false);
    expect([known.metCount(), known.isAmbiguous(), unmet(known)]).toEqual([3, false, ['a longer key than most']]);
  });

  it.each([
    { title: 'when one is met twice by its line', twice: (known: KnownRecordsBuilder) => known.meets(Buffer.from('l1')) },
    { title: 'when one is met again by its hash', twice: (known: KnownRecordsBuilder) => known.holds(record('r1')) },
  ])('are ambiguous $title', ({ twice }) => {
    const known = knownOf(['1', 'l1', 'r1']);
    known.meets(Buffer.from('l1'));
    expect(twice(known)).toBe(true);
    expect([known.isAmbiguous(), known.metCount()]).toEqual([true, 1]);
  });

  it('are ambiguous when two are alike', () => {
    expect(knownOf(['1', null, 'r1'], ['2', null, 'r1']).isAmbiguous()).toBe(true);
    expect(knownOf(['1', null, 'r1'], ['2', null, 'r2']).isAmbiguous()).toBe(false);
  });

  it('are told apart by the last bit of their hashes, however many there are', () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `r${index}`);
    const known = knownOf(...names.map((name): [string, null, string] => [name, null, name]));
    const near = (name: string) => {
      const bytes = sha(name);
      bytes[15]! ^= 1;
      return bytes.toString('hex');
    };
    for (const name of names) expect([known.holds(near(name)), known.holds(record(name))]).toEqual([false, true]);
    expect([known.metCount(), unmet(known).length]).toEqual([5_000, 0]);
  });

  it('may be more than were expected', () => {
    const known = createKnownRecords(1, true);
    const names = Array.from({ length: 300 }, (_, index) => `a key of some length ${index}`);
    for (const name of names) known.add(rowOf(name, `l${name}`, `r${name}`));
    expect(unmet(known)).toEqual(names);
    for (const name of names) expect([known.meets(Buffer.from(`l${name}`)), known.isAmbiguous()]).toEqual([true, false]);
    expect([known.size(), known.metCount()]).toEqual([300, 300]);
  });
});
