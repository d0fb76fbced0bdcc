import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProjetusError } from '../../src/core/errors.ts';
import { createSplitter } from '../../src/parse/csv.ts';
import { splitAt } from './split-text.ts';

const SUB = '\x1a';

/** Letters that matter to a splitter, next to some of one to four bytes. */
const letter = fc.constantFrom('a', '1', ';', ',', '"', '\n', '\r', '\r\n', ' ', 'ç', '€', '😀', '\u00A0', '\uFEFF', SUB, '');
const cell = fc.array(letter, { maxLength: 8 }).map((letters) => letters.join(''));
const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 8 });

/** Choices for the writer and the cuts: numbers that are used one after the other, from the start again at the end. */
const choices = fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 });

describe('the splitter', () => {
  test('reads back any table, however it is quoted, ended and cut', () => {
    fc.assert(
      fc.property(table, choices, choices, fc.boolean(), fc.boolean(), (rows, writing, cutting, hasMark, isEnded) => {
        const { text, lines } = written(rows, writing, hasMark, isEnded);
        const split = splitAt(Buffer.from(text), cuts(Buffer.byteLength(text), cutting));
        expect(split).toEqual(rows.map((cells, index) => ({ line: lines[index], cells, isMalformed: false })));
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 500) },
    );
  });

  test('gives the same rows and lines for any cutting of any text', () => {
    fc.assert(
      fc.property(
        fc.array(letter, { maxLength: 60 }),
        choices,
        fc.constantFrom('lf', 'cr' as const),
        (letters, cutting, lineEnd) => {
          const bytes = Buffer.from(letters.join(''));
          const whole = attempt(() => splitAt(bytes, [], { lineEnd }));
          expect(attempt(() => splitAt(bytes, cuts(bytes.length, cutting), { lineEnd }))).toEqual(whole);
          expect(attempt(() => splitAt(bytes, cuts(bytes.length, [1]), { lineEnd }))).toEqual(whole);
        },
      ),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 500) },
    );
  });

  test('calls a cell plain only when none of its bytes has to be looked at, and all simple cells', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(letter, fc.constantFrom('\t', '\\', '\u0001', '\uD7FF')), { maxLength: 60 }), (letters) => {
        const batch = attempt(() =>
          createSplitter({ file: 'a.csv', delimiter: ';', lineEnd: 'lf' }).push(Buffer.from(`${letters.join('')}\n`)),
        );
        if (batch === null || typeof batch === 'string') return;
        const cells = Array.from({ length: batch.rowEnds[batch.rowCount - 1]! }, (_, cell) => ({
          text: batch.bytes.toString('latin1', batch.cellStarts[cell], batch.cellEnds[cell]),
          // Before a CRLF, and behind text after a closing quote, all cells are looked at again.
          isUsual: batch.bytes[batch.cellEnds[cell]!] === 0x3b && !batch.rowMalformed.includes(1),
          isPlain: batch.cellPlain![cell] === 1,
        }));
        // oxlint-disable-next-line no-control-regex -- these are what it is about
        const mustLook = /[\x00-\x1f"\\\xed]/;
        expect(cells.filter(({ text, isPlain }) => isPlain && mustLook.test(text))).toEqual([]);
        expect(cells.filter(({ text, isUsual, isPlain }) => isUsual && !isPlain && !mustLook.test(text))).toEqual([]);
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 500) },
    );
  });

  test('agrees with csv-parse on any text without text after a closing quote', () => {
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 60 }), choices, (letters, cutting) => {
        // Ours alone: the end-of-file mark, half a CRLF at the end.
        const text = letters.join('').replace(new RegExp(`[${SUB}\r]+$`), '');
        const bytes = Buffer.from(text);
        const ours = attempt(() => splitAt(bytes, cuts(bytes.length, cutting)));
        // What csv-parse lets through as text.
        fc.pre(typeof ours === 'string' || !ours.some((row) => row.isMalformed));
        expect(typeof ours === 'string' ? ours : ours.map((row) => row.cells)).toEqual(reference(text));
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 1000) },
    );
  });
});

function written(
  rows: readonly string[][],
  choices: readonly number[],
  hasMark: boolean,
  isEnded: boolean,
): { text: string; lines: number[] } {
  let step = 0;
  const choose = (count: number) => choices[step++ % choices.length]! % count;
  const lines: number[] = [];
  let line = 1;
  let text = hasMark ? '\uFEFF' : '';
  for (const [index, row] of rows.entries()) {
    lines.push(line);
    const isLast = index === rows.length - 1;
    const record = row.map((each, column) => {
      // Bytes that mean something only at the end of the file or at its start.
      const isEdge = (isLast && column === row.length - 1) || (index === 0 && column === 0);
      const mustQuote = /[;"\r\n]/.test(each) || (isEdge && (each === '' || /\uFEFF/.test(each) || each.includes(SUB)));
      return mustQuote || choose(3) === 0 ? `"${each.replaceAll('"', '""')}"` : each;
    });
    text += record.join(';');
    line += 1 + row.join('').split('\n').length - 1;
    if (!isLast || isEnded) text += choose(2) === 0 ? '\n' : '\r\n';
  }
  return { text, lines };
}

function cuts(length: number, choices: readonly number[]): number[] {
  const places: number[] = [];
  for (let at = 0, step = 0; (at += choices[step++ % choices.length]! % 9) < length;) {
    places.push(at);
    if (step > 10_000) break;
  }
  return places;
}

function attempt<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof ProjetusError) return error.code;
    throw error;
  }
}

function reference(text: string): string[][] | string {
  try {
    return parse(text, {
      bom: true,
      delimiter: ';',
      record_delimiter: ['\r\n', '\n'],
      relax_column_count: true,
      relax_quotes: true,
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'CSV_QUOTE_NOT_CLOSED') return 'source-truncated';
    throw error;
  }
}
