import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { rowTexts, type RowBatch } from '../../src/core/rows.ts';
import { openTable } from '../../src/parse/open-table.ts';
import { defaultFormat, sourceFile } from '../support/source-files.ts';

const never = new AbortController().signal;

/** Rows of every length from a few bytes to 900; some of many chunks of 256 KB, one after the other and alone. */
const rows = Array.from({ length: 6_000 }, (_, id) => {
  const isLong = id === 700 || id === 2_000 || id === 2_001 || id === 5_999;
  return [String(id), isLong ? `${id} ç "x"\n`.repeat(60_000) : `${id}é`.repeat((id * 7) % 150)];
});
const csv = `id;texto\n${rows.map(([id, text]) => `${id};"${text!.replaceAll('"', '""')}"\n`).join('')}`;

describe('a file of many chunks', () => {
  // The next chunk is read while one is looked at, into the buffer of the one before: what is kept has to be copied.
  it.each(['utf-8', 'windows-1252'] as const)(
    'gives every cell as it stands, however long a batch is at work: %s',
    async (encoding) => {
      const file = await sourceFile('a.csv', Buffer.from(csv, encoding === 'utf-8' ? 'utf8' : 'latin1'));
      const table = await openTable(file, defaultFormat, never);
      expect(table.receipt.encoding).toBe(encoding);
      const read: string[][] = [];
      for await (const batch of table.batches()) {
        await sleep(1);
        read.push(...textsOf(batch));
      }
      expect(read.length).toBe(rows.length + 1);
      expect(read.slice(1).findIndex(([id, text], at) => id !== rows[at]![0] || text !== rows[at]![1])).toBe(-1);
    },
  );

  it('may be left in the middle, and read again', async () => {
    const file = await sourceFile('a.csv', csv);
    const table = await openTable(file, defaultFormat, never);
    for (let time = 0; time < 50; time++) {
      for await (const batch of table.batches()) {
        expect(textsOf(batch)[1]).toEqual(rows[0]);
        break;
      }
    }
  });
});

function textsOf(batch: RowBatch): string[][] {
  return Array.from({ length: batch.rowCount }, (_, row) => rowTexts(batch, row));
}
