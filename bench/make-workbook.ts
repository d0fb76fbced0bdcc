import { writeFile } from 'node:fs/promises';
import { escapeXml, sheetXml, xlsxFile } from '../test/support/xlsx-files.ts';
import { benchRow } from './bench-row.ts';
import { benchColumns, type BenchRow, type Day } from './data-shape.ts';

/** Cell style 1: a day. */
const dayStyle = 1;
const dayFormat = 14;

const chunkLength = 4 * 1024 * 1024;

/** Writes the first day's rows as Excel would: texts shared, days and amounts as numbers. Holds the sheet in memory. */
export async function makeWorkbook(path: string, rowCount: number): Promise<void> {
  const strings = new Map<string, number>();
  const share = (text: string): number => {
    const known = strings.get(text);
    if (known !== undefined) return known;
    strings.set(text, strings.size);
    return strings.size - 1;
  };
  const chunks: Buffer[] = [];
  let rows = rowXml(
    1,
    benchColumns.map(([header]) => textCell(share(header))),
  );
  for (let position = 0; position < rowCount; position++) {
    rows += rowXml(position + 2, cellsOf(benchRow(position, 0), share));
    if (rows.length < chunkLength) continue;
    chunks.push(Buffer.from(rows));
    rows = '';
  }
  chunks.push(Buffer.from(rows));
  const [before, after] = sheetXml('|').split('|');
  const xml = Buffer.concat([Buffer.from(before!), ...chunks, Buffer.from(after!)]);
  const shared = [...strings.keys()].map((text) => `<t xml:space="preserve">${escapeXml(text)}</t>`);
  await writeFile(path, xlsxFile({ sheets: [{ name: 'propostas', xml }], strings: shared, formats: [dayFormat] }));
}

/** What stands behind the reference of each cell, in the order of `benchColumns`. */
function cellsOf(row: BenchRow, share: (text: string) => number): string[] {
  const t = row.texts;
  const text = (value: string) => textCell(share(value));
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

function textCell(index: number): string {
  return ` t="s"><v>${index}</v>`;
}

function rowXml(rowNumber: number, cells: readonly string[]): string {
  const xml = cells.map((cell, column) => `<c r="${String.fromCharCode(0x41 + column)}${rowNumber}"${cell}</c>`);
  return `<row r="${rowNumber}" spans="1:${cells.length}">${xml.join('')}</row>`;
}

/** Days since 1899-12-30. */
function serialOf([year, month, day]: Day): number {
  return (Date.UTC(year, month - 1, day) - Date.UTC(1899, 11, 30)) / 86_400_000;
}

// `node bench/make-workbook.ts FILE ROWS`: in a process of its own, since it takes about 2 GB for 500,000 rows.
if (import.meta.main) await makeWorkbook(process.argv[2]!, Number(process.argv[3]));
