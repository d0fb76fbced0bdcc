import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordView } from '../../src/core/record.ts';
import { CopyLines } from '../../src/load/copy-lines.ts';

/** A view of one column. */
function viewOf(text: string, isPlain: boolean): RecordView {
  const bytes = Buffer.from(`<${text}>`);
  return {
    rowNumber: 1,
    buffers: [bytes],
    starts: Int32Array.of(1),
    ends: Int32Array.of(bytes.length - 1),
    isPlain: Uint8Array.of(isPlain ? 1 : 0),
    line: null,
    hash: '',
  };
}

const written = (lines: CopyLines) => {
  lines.flush();
  return Buffer.concat(lines.full.splice(0)).toString();
};

/** COPY's text format, read as its documentation says. */
function decode(copied: string): (string | null)[][] {
  const escapes: Record<string, string> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };
  const cell = (text: string) => (text === '\\N' ? null : text.replace(/\\(.)/g, (_, letter: string) => escapes[letter]!));
  return copied
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t').map(cell));
}

describe('lines of COPY', () => {
  it.each([
    ['tabs, line ends and backslashes', 'a\tb\nc\rd\\e', 'a\\tb\\nc\\rd\\\\e\n'],
    ['what looks like NULL', '\\N', '\\\\N\n'],
    ['what looks like the end of data', '\\.', '\\\\.\n'],
    ['nothing', '', '\n'],
    ['letters of more bytes', 'ação €', 'ação €\n'],
  ])('escape %s', (_, text, expected) => {
    const lines = new CopyLines();
    lines.text(text);
    lines.end();
    expect(written(lines)).toBe(expected);
    lines.values(viewOf(text, false));
    lines.end();
    expect(written(lines)).toBe(expected);
  });

  it('tell NULL from an empty text', () => {
    const lines = new CopyLines();
    lines.null();
    lines.text('');
    lines.values({ ...viewOf('', true), starts: Int32Array.of(-1) });
    lines.end();
    expect(written(lines)).toBe('\\N\t\t\\N\n');
  });

  it.each([0, 7, 10, 99, 100, 2_147_483_647, 4_294_967_295])('hold the number %s', (value) => {
    const lines = new CopyLines();
    lines.integer(value);
    lines.end();
    expect(written(lines)).toBe(`${value}\n`);
  });

  it('hold hashes in hex', () => {
    const lines = new CopyLines();
    lines.hash('00ff');
    lines.end();
    expect(written(lines)).toBe('\\\\x00ff\n');
  });

  it('are whole in every chunk, also one that is longer than a chunk', () => {
    const lines = new CopyLines();
    const texts = ['a'.repeat(65_530), 'b'.repeat(10), 'c'.repeat(300_000), '\\'.repeat(70_000), 'd'];
    for (const text of texts) {
      lines.text('x');
      lines.text(text);
      lines.end();
    }
    lines.flush();
    for (const chunk of lines.full) expect(chunk.at(-1)).toBe(0x0a);
    expect(lines.full.flatMap((chunk) => decode(chunk.toString()))).toEqual(texts.map((text) => ['x', text]));
  });

  it('come in chunks that are never written to again', () => {
    const lines = new CopyLines();
    const seen: { chunk: Buffer; copy: Buffer }[] = [];
    for (let row = 0; row < 20_000; row++) {
      lines.text(`row ${row}`);
      lines.values(viewOf(`value ${row} of more than 24 bytes`, true));
      lines.end();
      for (const chunk of lines.full.splice(0)) seen.push({ chunk, copy: Buffer.from(chunk) });
    }
    lines.flush();
    expect(seen.length).toBeGreaterThan(5);
    for (const { chunk, copy } of seen) expect(chunk.equals(copy)).toBe(true);
  });

  it('give back any cells in any mix of sizes', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }).map((value) => value.toWellFormed()),
      fc.nat(40_000).map((length) => '\\é'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(fc.array(fc.option(text), { minLength: 1, maxLength: 4 }), { maxLength: 12 }), (rows) => {
        const lines = new CopyLines();
        for (const row of rows) {
          for (const cell of row) {
            if (cell === null) lines.null();
            else lines.values(viewOf(cell, false));
          }
          lines.end();
        }
        expect(decode(written(lines))).toEqual(rows);
      }),
      { numRuns: 15 },
    );
  });
});
