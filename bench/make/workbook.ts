import { writeFile } from 'node:fs/promises';
import { escapeXml, sheetXml, xlsxFile } from '../../test/support/xlsx-files.ts';
import { benchColumns, type BenchRow, type Day } from './data-shape.ts';
import { firstDay } from './day-rows.ts';

/** Cell style 1: a day. */
const dayStyle = 1;
const dayFormat = 14;

const chunkLength = 4 * 1024 * 1024;

/** What stands behind the reference of a cell with a text. */
type TextCell = (text: string) => string;

/**
 * Writes the first day's rows, days and amounts as numbers; texts shared, as Excel has them, or inline, as most libraries
 * write them. Holds the sheet in memory.
 */
export async function writeWorkbook(path: string, rowCount: number, texts: 'shared' | 'inline'): Promise<void> {
  const strings = new Map<string, number>();
  const textCell = texts === 'shared' ? sharedIn(strings) : inlineCell;
  const xml = sheetOf(firstDay(rowCount), textCell);
  const shared = [...strings.keys()].map(textTag);
  const book = { sheets: [{ name: 'propostas', xml }], formats: [dayFormat] };
  await writeFile(path, xlsxFile(texts === 'shared' ? { ...book, strings: shared } : book), { flush: true });
}

function sheetOf(rows: Iterable<BenchRow>, textCell: TextCell): Buffer {
  const [before, after] = sheetXml('|').split('|');
  const chunks = [Buffer.from(before!)];
  let rowNumber = 1;
  let text = rowXml(
    rowNumber,
    benchColumns.map(([header]) => textCell(header)),
  );
  for (const row of rows) {
    text += rowXml(++rowNumber, cellsOf(row, textCell));
    if (text.length < chunkLength) continue;
    chunks.push(Buffer.from(text));
    text = '';
  }
  return Buffer.concat([...chunks, Buffer.from(text + after!)]);
}

function sharedIn(strings: Map<string, number>): TextCell {
  return (text) => {
    const index = strings.get(text) ?? strings.size;
    if (index === strings.size) strings.set(text, index);
    return ` t="s"><v>${index}</v>`;
  };
}

function inlineCell(text: string): string {
  return ` t="inlineStr"><is>${textTag(text)}</is>`;
}

function textTag(text: string): string {
  return `<t xml:space="preserve">${escapeXml(text)}</t>`;
}

/** What stands behind the reference of each cell, in the order of `benchColumns`. */
function cellsOf(row: BenchRow, text: TextCell): string[] {
  const t = row.texts;
  const day = (value: Day) => ` s="${dayStyle}"><v>${serialOf(value)}</v>`;
  const number = (value: number) => `><v>${value}</v>`;
  // prettier-ignore
  return [
    number(row.id), text(t.uf), text(t.town), text(t.ibge), text(t.body), text(t.nature), text(t.number), number(row.year),
    day(row.proposed), text(t.modality), text(t.cnpj), text(t.proponent), text(t.cep), text(t.situation), day(row.from),
    day(row.to), text(t.object), number((row.transferCents + row.counterpartCents) / 100),
    number(row.transferCents / 100), number(row.counterpartCents / 100),
  ];
}

function rowXml(rowNumber: number, cells: readonly string[]): string {
  const xml = cells.map((cell, column) => `<c r="${String.fromCharCode(0x41 + column)}${rowNumber}"${cell}</c>`);
  return `<row r="${rowNumber}" spans="1:${cells.length}">${xml.join('')}</row>`;
}

/** Days since 1899-12-30. */
function serialOf([year, month, day]: Day): number {
  return (Date.UTC(year, month - 1, day) - Date.UTC(1899, 11, 30)) / 86_400_000;
}
