import { expect, it } from 'vitest';
import { rowTexts } from '../../src/core/rows.ts';
import { copyRow } from '../../src/validate/copy-row.ts';
import { batchOf } from './harness.ts';

it('copies one row with its cells, kinds, number and mark, and nothing of the block', () => {
  const batch = batchOf([['a', 'b'], ['', { kind: 'quoted', bytes: '""x' }, { kind: 'number', bytes: '5' }], [], ['c']], 10, [1]);
  const copy = copyRow(batch, 1);
  batch.bytes.fill(0);
  expect(rowTexts(copy, 0)).toEqual(['', '"x', '5']);
  expect(copy).toMatchObject({
    rowCount: 1,
    rowNumbers: Uint32Array.of(11),
    rowMalformed: Uint8Array.of(1),
    spans: null,
    cellKinds: Uint8Array.of(0, 1, 2),
  });
  expect(rowTexts(copyRow(batch, 2), 0)).toEqual([]);
});
