import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openXlsx } from '../../../src/parse/xlsx/open-xlsx.ts';
import { noSharedStrings, readSharedStrings } from '../../../src/parse/xlsx/shared-strings.ts';
import { sheetRows } from '../../../src/parse/xlsx/sheet-rows.ts';
import { defaultFormat, never, readRows, readTexts, sourceFile } from '../../support/source-files.ts';
import { sheetXml, stringsXml, xlsxFile } from '../../support/xlsx-files.ts';

/** Text of all kinds: brackets, escapes, line ends, control characters, emoji, long ones. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('<', '&', '>', '"', '_', 'x', '0', 'D', '\r', '\n', '\0', 'ç', '😀', ' ', ']') }),
  fc.constantFrom('_x000D_', ']]>', '00123', '1.234,56', ' São João ', 'x'.repeat(5000)),
);
const table = fc.array(fc.array(text, { maxLength: 6 }), { maxLength: 12 });

/** Text as Excel writes it: what XML forbids as `_xHHHH_`, and so an underscore that would look like it. */
function excelText(value: string): string {
  return value
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replace(/[<&>]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/(?![\t\n])[\p{Cc}\ufffe\uffff]/gu, (character) => `_x${character.charCodeAt(0).toString(16).padStart(4, '0')}_`);
}

const inline = (value: string): string => `<c t="inlineStr"><is><t xml:space="preserve">${excelText(value)}</t></is></c>`;
const rowsXml = (rows: readonly string[][], cell: (value: string) => string): string =>
  rows.map((row) => `<row>${row.map(cell).join('')}</row>`).join('');

/** Blank cells at the end of a row are left out by the reader. */
function ragged(rows: readonly string[][]): string[][] {
  return rows.map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1));
}

async function* cut(bytes: Buffer, chunkBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield await Promise.resolve(bytes.subarray(at, at + chunkBytes));
}

const failPart = (code: string, what: string): Error => new Error(`${code}: ${what}`);
const failCell = (what: string, row: number, column: string | null): Error => new Error(`${column}${row}: ${what}`);

describe('any table', () => {
  test('written with inline strings and read back is the same table', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const file = await sourceFile('a.xlsx', xlsxFile({ sheets: [{ name: 'a', rows: rowsXml(rows, inline) }] }));
        expect(await readTexts(await openXlsx(file, defaultFormat, never))).toEqual(ragged(rows));
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 60) },
    );
  });

  test('written with shared strings and read back is the same table', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const all = [...new Set(rows.flat())];
        const strings = all.map((value) => `<t xml:space="preserve">${excelText(value)}</t>`);
        const xml = rowsXml(rows, (value) => `<c t="s"><v>${all.indexOf(value)}</v></c>`);
        const file = await sourceFile('a.xlsx', xlsxFile({ sheets: [{ name: 'a', rows: xml }], strings }));
        expect(await readTexts(await openXlsx(file, defaultFormat, never))).toEqual(ragged(rows));
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 60) },
    );
  });

  test('gives the same rows however its bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (rows, chunkBytes) => {
        const xml = Buffer.from(sheetXml(`<!-- ção <row> -->${rowsXml(rows, inline)}<![CDATA[<row/>]]>`));
        const context = { strings: noSharedStrings, dateStyles: new Uint8Array(0), is1904: false };
        const read = await readRows(sheetRows(cut(xml, chunkBytes), context, failPart, failCell));
        expect(read.map(({ cells }) => cells)).toEqual(ragged(rows));
        expect(read.map(({ row }) => row)).toEqual(rows.map((_, index) => index + 1));
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 60) },
    );
  });

  test('gives the same shared strings however their bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 20 }), fc.integer({ min: 1, max: 40 }), async (values, chunkBytes) => {
        const xml = Buffer.from(stringsXml(values.map((value) => `<r><t>${excelText(value)}</t></r><rPh><t>x</t></rPh>`)));
        const strings = await readSharedStrings(cut(xml, chunkBytes), xml.length, failPart);
        const read = values.map((_, index) => strings.bytes.toString('utf8', strings.ends[index - 1] ?? 0, strings.ends[index]));
        expect(read).toEqual(values);
        expect(strings.count).toBe(values.length);
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 60) },
    );
  });
});
