import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import * as XLSX from 'xlsx';
import { cnpj } from '../samples/brazilian-text.ts';
import { shippedFolder } from '../samples/make-samples.ts';
import { filesOf, firstDay, orphanProposalId, secondDay, secondDayChanges, tableNames } from '../samples/sample-day.ts';
import type { SampleTable } from '../samples/sample-table.ts';

const made = filesOf(firstDay());

test('the shipped folder holds the files that the script makes, and no others', async () => {
  const shipped = await readdir(shippedFolder);
  expect(shipped.toSorted()).toEqual([...made.keys()].toSorted());
});

test.each([...made.keys()])('%s is what the script makes today', async (name) => {
  const shipped = await readFile(join(shippedFolder, name));
  expect(contentOf(name, shipped)).toEqual(contentOf(name, made.get(name)!));
});

test.each([...made.keys()].filter((name) => name.endsWith('.csv')))(
  '%s has the dialect of the source: a byte order mark, CRLF, and UTF-8',
  (name) => {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(made.get(name));
    expect(text).toMatch(/^\uFEFF[A-Z_]+;[^]*\r\n$/);
  },
);

const day = firstDay();
const text = (table: SampleTable): string => table.rows.map((row) => row.join('|')).join('\n');

test.each([
  ['a line break in a cell', text(day.propostas), /ambulância tipo "A";\n2\)/],
  ['a carriage return in a cell', text(day.propostas), /odontológico;\r\n3\)/],
  ['a decimal comma', text(day.propostas), /\|921235,05\|/],
  ['a negative amount', text(day.propostas), /\|-78764,95\|/],
  ['a zero-width space before a number', text(day.propostas), /\|\u200B955000,5\|/],
  ['a no-break space', text(day.propostas), /gatos\u00A0em/],
  ['a year of long ago', text(day.propostas), /20\/06\/0011/],
  ['a year far ahead', text(day.propostas), /30\/05\/3012/],
  ['a CNPJ that begins with 0', text(day.propostas), /\|0\d{13}\|/],
  ['a CEP that begins with 0', text(day.propostas), /\|0\d{7}\|/],
  ['a long text', text(day.propostas), /\|Execução [^|]{2900,}\|/],
  ['an unreadable amount', text(day.propostas), /\|A DEFINIR\|/],
  ['an impossible date', text(day.propostas), /31\/02\/2026/],
  ['a blank modality', text(day.programas), /\|\|Administração Pública Municipal\|BA/],
  ['a decimal point among commas', text(day.convenios), /\|9918\.59\|/],
  ['the residue of a float', text(day.convenios), /\|-0,00000000023283064\|/],
  ['an orphan', text(day.programaProposta), new RegExp(orphanProposalId)],
])('the samples have %s', (_, content, pattern) => {
  expect(content).toMatch(pattern);
});

test('every CNPJ of a proposal has right check digits, and no row of a file is short or long', () => {
  for (const row of day.propostas.rows) {
    const number = row[day.propostas.header.indexOf('IDENTIF_PROPONENTE')]!;
    expect(number).toBe(cnpj(number.slice(0, 12)));
  }
  for (const name of tableNames) for (const row of day[name].rows) expect(row.length).toBe(day[name].header.length);
});

test('check digits are those of a published example', () => {
  expect(cnpj('112223330001')).toBe('11222333000181');
});

test('two in five amendments have no proposal, as in the real file', () => {
  const blank = day.emendas.rows.filter((row) => row[0] === '').length;
  expect(blank / day.emendas.rows.length).toBeGreaterThan(0.3);
  expect(blank / day.emendas.rows.length).toBeLessThan(0.5);
});

test('programmes are told apart by four columns and by no fewer', () => {
  const columns = ['ID_PROGRAMA', 'MODALIDADE_PROGRAMA', 'NATUREZA_JURIDICA_PROGRAMA', 'UF_PROGRAMA'];
  const distinct = (names: readonly string[]): number =>
    new Set(day.programas.rows.map((row) => names.map((name) => row[day.programas.header.indexOf(name)]).join('|'))).size;
  expect(distinct(columns)).toBe(day.programas.rows.length);
  const withoutOne = columns.map((left) => distinct(columns.filter((name) => name !== left)));
  expect(Math.max(...withoutOne)).toBeLessThan(day.programas.rows.length);
});

test('the second day changes the proposals that it says it changes, and no others', () => {
  const before = byId(day.propostas);
  const after = byId(secondDay().propostas);
  const changed = [...after].filter(([id, row]) => before.has(id) && before.get(id) !== row).map(([id]) => id);
  expect(changed).toEqual(secondDayChanges.updated);
  expect([...before.keys()].filter((id) => !after.has(id))).toEqual(secondDayChanges.vanished);
  expect([...after.keys()].filter((id) => !before.has(id))).toEqual(secondDayChanges.inserted);
});

function byId(table: SampleTable): Map<string, string> {
  return new Map(table.rows.map((row) => [row[0]!, row.join('|')]));
}

/** Bytes for text; what is inside for the others: deflate may differ from one build of zlib to the next. */
function contentOf(name: string, bytes: Buffer): unknown {
  if (name.endsWith('.zip')) return memberOf(bytes);
  if (!name.endsWith('.xlsx')) return bytes.toString();
  const workbook = XLSX.read(bytes);
  return workbook.SheetNames.map((sheet) => [sheet, XLSX.utils.sheet_to_json(workbook.Sheets[sheet]!, { header: 1 })]);
}

/** Name, time and text of an archive's only member. */
function memberOf(archive: Buffer): unknown {
  const nameLength = archive.readUInt16LE(26);
  const dataStart = 30 + nameLength;
  return {
    name: archive.toString('utf8', 30, dataStart),
    time: archive.readUInt32LE(10),
    text: inflateRawSync(archive.subarray(dataStart, dataStart + archive.readUInt32LE(18))).toString(),
  };
}
