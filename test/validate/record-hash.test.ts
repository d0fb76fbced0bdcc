import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordShape, RecordView } from '../../src/core/record.ts';
import { createRecordHasher } from '../../src/validate/record-hash.ts';
import { columnOf, datasetOf, validate } from './harness.ts';

type Values = Record<string, string | null>;

const isPlain = (text: string): boolean => ![...text].some((letter) => letter < ' ' || letter === '"' || letter === '\\');

/** A view whose values stand apart in one buffer, with other bytes around them. */
function viewOf(names: readonly string[], values: Values): { shape: RecordShape; view: RecordView } {
  const buffers = names.map((name) => Buffer.from(`"${values[name] ?? ''}\\`));
  const view: RecordView = {
    rowNumber: 1,
    buffers,
    starts: Int32Array.from(names, (name) => (values[name] === null ? -1 : 1)),
    ends: Int32Array.from(buffers, (buffer) => buffer.length - 1),
    isPlain: Uint8Array.from(names, (name) => (isPlain(values[name] ?? '') ? 1 : 0)),
    line: null,
    hash: '',
  };
  return { shape: { columns: names.map((name) => columnOf(name)), key: null }, view };
}

const withoutNulls = (names: readonly string[], values: Values): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (values[name] == null ? [] : [[name, values[name]]])));

describe('the record hash', () => {
  // Keys that look like array indexes are moved to the front by JavaScript's objects; code-unit order is ours.
  const name = fc
    .string({ minLength: 1, maxLength: 8, unit: 'grapheme' })
    .filter((text) => !/^\d+$/.test(text) && text !== '__proto__');
  const value = fc.option(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.string({ minLength: 60, maxLength: 90 })),
  );
  const record = fc.dictionary(name, value, { maxKeys: 12 });

  it('is SHA-256 of what JSON.stringify writes, for any values', () => {
    fc.assert(
      fc.property(record, (values) => {
        const names = Object.keys(values).toSorted();
        const { shape, view } = viewOf(names, values);
        const hasher = createRecordHasher(shape);
        const json = JSON.stringify(withoutNulls(names, values));
        expect(hasher.canonicalJson(view)).toBe(json);
        expect(hasher.hash(view)).toBe(createHash('sha256').update(json).digest('hex'));
      }),
      { numRuns: 400 },
    );
  });

  it('is of the braces alone where all is NULL', () => {
    const { shape, view } = viewOf(['a', 'b'], { a: null, b: null });
    expect(createRecordHasher(shape).canonicalJson(view)).toBe('{}');
  });

  it('holds for values longer than the buffer, and for short ones after them', () => {
    const long = `é"${'\u0001'.repeat(100_000)}`;
    const { shape, view } = viewOf(['a', 'b'], { a: long, b: 'x' });
    const hasher = createRecordHasher(shape);
    expect(hasher.canonicalJson(view)).toBe(JSON.stringify({ a: long, b: 'x' }));
    expect(hasher.canonicalJson(viewOf(['a', 'b'], { a: null, b: '1' }).view)).toBe('{"b":"1"}');
  });

  it('can be recomputed from the canonical values by anyone', () => {
    const dataset = datasetOf([
      columnOf('id', 'integer'),
      columnOf('valor', 'decimal(18,2)'),
      columnOf('dia', 'date'),
      columnOf('texto'),
      columnOf('ok', 'boolean'),
    ]);
    const row = ['007', '1.234,5', '22/11/2026', { kind: 'quoted', bytes: ' o ""lago""\n' } as const, 'SIM'];
    const outcome = validate(dataset, ['id', 'valor', 'dia', 'texto', 'ok'], [row]);
    const json = '{"dia":"2026-11-22","id":"7","ok":"true","texto":"o \\"lago\\"","valor":"1234.50"}';
    expect(outcome.hashes).toEqual([createHash('sha256').update(json).digest('hex')]);
  });

  it('does not change when a column of NULLs is added', () => {
    const few = validate(datasetOf([columnOf('id'), columnOf('b')]), ['id', 'b'], [['1', 'x']]);
    const more = validate(datasetOf([columnOf('id'), columnOf('b'), columnOf('a')]), ['id', 'b', 'a'], [['1', 'x', '']]);
    expect(more.hashes).toEqual(few.hashes);
  });
});
