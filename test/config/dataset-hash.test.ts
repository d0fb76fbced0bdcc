import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/config/canonical-json.ts';
import { datasetHash } from '../../src/config/dataset-hash.ts';
import { loadText } from './load-text.ts';

async function hashOf(entry: string): Promise<string> {
  const { extraction } = await loadText(`extraction: { files: [{ name: coisas, key: [id]${entry} }] }`);
  return datasetHash(extraction.datasets[0]!);
}

describe('the hash of a dataset', () => {
  it.each([
    [', url: "https://x.example/a.zip"'],
    [', expect: { min_rows: 7, must_change: true }'],
    [', max_rejected_percent: 50, max_vanished_percent: 50'],
    [', volume_tolerance_percent: 1, on_volume_anomaly: hold'],
  ])('does not change with what only decides whether to publish (%s)', async (entry) => {
    expect(await hashOf(entry)).toBe(await hashOf(''));
  });

  it.each([
    [', columns: { id: { type: integer } }'],
    [', columns: { id: { from: [ID] } }'],
    [', where: { id: { enum: [a] } }'],
    [', duplicates: first'],
    [', format: { decimal: "," }'],
    [', on_vanish: delete'],
    [', unknown_columns: ignore'],
  ])('changes with what a row becomes (%s)', async (entry) => {
    expect(await hashOf(entry)).not.toBe(await hashOf(''));
  });

  it('is 64 hex digits and does not depend on the order of keys', async () => {
    expect(await hashOf('')).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf(', distinct: true, snapshot: delta')).toBe(await hashOf(', snapshot: delta, distinct: true'));
  });
});

describe('canonical JSON', () => {
  it('has keys in code-unit order at every depth, and lists as they are', () => {
    expect(canonicalJson({ b: [{ z: 1, a: null }, 'x'], Z: 1, a: 'é' })).toBe('{"Z":1,"a":"é","b":[{"a":null,"z":1},"x"]}');
  });
});
