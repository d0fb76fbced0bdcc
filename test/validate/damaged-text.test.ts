import { expect, it, test } from 'vitest';
import { countDamage, type DamagedText } from '../../src/validate/damaged-text.ts';
import { batchOf } from './harness.ts';

function damageOf(rows: string[][], firstRow = 0): DamagedText {
  const found = { replaced: 0, doubleEncoded: 0 };
  countDamage(batchOf(rows), firstRow, found);
  return found;
}

/** UTF-8 that was read as windows-1252, or as Latin-1, and written as UTF-8 again. */
const twice = (text: string): string => new TextDecoder('windows-1252').decode(Buffer.from(text));

const cases: [text: string, found: DamagedText][] = [
  ['João, ação, É, Â, Ã, ÃO, 10 €, “aspas” – e traço', { replaced: 0, doubleEncoded: 0 }],
  ['JO\ufffdO PESSOA \ufffd', { replaced: 2, doubleEncoded: 0 }],
  [twice('Inovação'), { replaced: 0, doubleEncoded: 2 }],
  [twice('10° – 20º'), { replaced: 0, doubleEncoded: 3 }],
  [twice('çç'), { replaced: 0, doubleEncoded: 2 }],
];
test.each(cases)('counts the damage of %s', (text, found) => expect(damageOf([['x', text]])).toEqual(found));

it('does not count what stands above the first data row', () => {
  const rows = [
    ['\ufffd', twice('ã')],
    ['a', '\ufffd'],
  ];
  expect(damageOf(rows, 1)).toEqual({ replaced: 1, doubleEncoded: 0 });
  expect(damageOf(rows, 2)).toEqual({ replaced: 0, doubleEncoded: 0 });
  expect(damageOf([])).toEqual({ replaced: 0, doubleEncoded: 0 });
});
