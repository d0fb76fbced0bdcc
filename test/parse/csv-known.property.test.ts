import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf, rowTexts, type KnownRows, type RowBatch } from '../../src/core/rows.ts';
import { createSplitter } from '../../src/parse/csv.ts';

type SeenRow = { readonly at: number; readonly line: string; readonly cells: string[] | 'known' };

/** Every row of a text that comes in pieces of `size` bytes; null when the text is refused. */
function split(text: string, lineEnd: 'lf' | 'cr', size: number, known?: KnownRows): SeenRow[] | null {
  const splitter = createSplitter({ file: 'a.csv', delimiter: ';', lineEnd, known });
  const bytes = Buffer.from(text);
  const rows: SeenRow[] = [];
  const take = (batch: RowBatch | null) => {
    for (let row = 0; row < (batch?.rowCount ?? 0); row++) rows.push(seen(batch!, row));
  };
  try {
    for (let at = 0; at < bytes.length; at += size) take(splitter.push(Buffer.from(bytes.subarray(at, at + size))));
    take(splitter.finish());
  } catch {
    return null;
  }
  return rows;
}

function seen(batch: RowBatch, row: number): SeenRow {
  const cells = batch.spans!.isKnown[row] === 1 ? 'known' : rowTexts(batch, row);
  return { at: batch.rowNumbers[row]!, line: lineOf(batch, row)!.toString(), cells };
}

const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 1_000);

const pieces = fc.constantFrom(
  'a',
  'bc',
  ';',
  ';',
  '"',
  '""',
  '\n',
  '\n',
  '\r\n',
  '\r',
  'é',
  ' ',
  'x;"y";z\n',
  '"p\nq";r\n',
  '5" q;1\n',
);

const table = fc.array(fc.array(fc.constantFrom('a', '', 'b;c', 'd"e', 'f\ng', 'é'), { minLength: 2, maxLength: 3 }), {
  maxLength: 20,
});
const quoted = (cell: string) => (/[;"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

describe('records that are known by their lines', () => {
  it('are the only ones that are left out, whatever quotes and line ends stand around them', () => {
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
        fc.constantFrom<'lf' | 'cr'>('lf', 'lf', 'lf', 'cr'),
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        fc.integer({ min: 0, max: 3 }),
        (text, lineEnd, size, chosen, afterRow) => {
          const whole = split(text, lineEnd, 1_000);
          const lines = new Set((whole ?? []).filter((_, row) => chosen[row % 8]).map(({ line }) => line));
          const known = { bytes: { meets: (line: Buffer) => lines.has(line.toString()) }, afterRow };
          const rows = split(text, lineEnd, size, known);
          const isKnown = rows?.map(({ cells }) => cells === 'known') ?? [];
          expect(rows).toEqual(whole?.map((row, at) => (isKnown[at] ? { ...row, cells: 'known' } : row)) ?? null);
          expect(rows?.filter(({ line, at }, index) => isKnown[index] && !(lines.has(line) && at > afterRow)) ?? []).toEqual([]);
        },
      ),
      { numRuns },
    );
  });

  it('are all left out where quotes stand as they should', () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 60 }), fc.constantFrom('\n', '\r\n'), (rows, size, end) => {
        const text = rows.map((cells) => cells.map(quoted).join(';') + end).join('');
        const known = { bytes: { meets: (line: Buffer) => line.includes('a') }, afterRow: 1 };
        for (const { line, at, cells } of split(text, 'lf', size, known)!) {
          expect(cells === 'known').toBe(at > 1 && line.includes('a'));
        }
      }),
      { numRuns },
    );
  });
});
