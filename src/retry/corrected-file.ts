import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Format } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { rowTexts, type Table } from '../core/rows.ts';
import { openTable } from '../parse/open-table.ts';
import { exportColumnOf, exportColumns, unguard } from '../quarantine/export-format.ts';
import { checksum } from '../source/fingerprint.ts';
import type { SourceFile } from '../source/find-sources.ts';

/** An export that came back. */
export type CorrectedFile = { readonly file: SourceFile; readonly sha256: string; readonly sheets: readonly CorrectedSheet[] };

export type CorrectedSheet = {
  readonly number: number;
  readonly table: Table;
  readonly headerRow: number;
  /** Cells of the header, ours included. */
  readonly width: number;
  /** The names of the file's own columns, as they were before the export, and where they stand. */
  readonly header: readonly string[];
  readonly positions: readonly number[];
  /** Where the cells stand that a row has beyond the header. */
  readonly extras: readonly number[];
  readonly idPosition: number;
  readonly errorsPosition: number | null;
};

const headerSearchRows = 50;
/** More sheets than an export can have: datasets times their headers. */
const mostSheets = 200;

/** Opens the sheets that hold rejects. Throws `usage` where there are none, and what is wrong with the file. */
export async function openCorrectedFile(path: string, signal: AbortSignal): Promise<CorrectedFile> {
  const file = await sourceFile(path);
  const sha256 = await checksum(file, signal);
  const sheets: CorrectedSheet[] = [];
  for (let number = 1; number <= mostSheets; number++) {
    const table = await openSheet(file, number, signal);
    if (table === null) break;
    const sheet = await findColumns(table, number);
    if (sheet) sheets.push(sheet);
    if (table.receipt.sheet === null) break;
  }
  if (sheets.length > 0) return { file, sha256, sheets };
  throw new ProjetusError('usage', `${file.name} has no column ${exportColumns.id}: it is no export of the quarantine.`, {
    hint: 'projetus quarantine export FILE.xlsx makes one; keep that column as it is',
    file: file.name,
  });
}

async function sourceFile(path: string): Promise<SourceFile> {
  try {
    const { size, mtimeMs, ctimeMs } = await stat(path);
    return { name: basename(path), path: resolve(path), sizeBytes: size, modifiedAtMs: mtimeMs, changedAtMs: ctimeMs };
  } catch (cause) {
    throw new ProjetusError('usage', `${path} cannot be read: ${(cause as Error).message}`, { file: path, cause });
  }
}

/** The nth visible sheet; null behind the last one. */
async function openSheet(file: SourceFile, number: number, signal: AbortSignal): Promise<Table | null> {
  try {
    return await openTable(file, formatOf(number), signal);
  } catch (error) {
    if (number > 1 && error instanceof ProjetusError && error.code === 'sheet-missing') return null;
    throw error;
  }
}

function formatOf(sheet: number): Format {
  const auto = 'auto' as const;
  return { sheet, member: null, headerRow: auto, delimiter: auto, encoding: auto, decimal: auto, footer: 'none', nullValues: [] };
}

/** Our columns by their names, wherever a person has moved them to; null for a sheet that is none of ours. */
async function findColumns(table: Table, number: number): Promise<CorrectedSheet | null> {
  const found = await findHeader(table);
  if (!found) return null;
  const { names, rowNumber } = found;
  const columns = names.map((name, position) => ({ name, position, ours: exportColumnOf(name.trim()) }));
  const own = columns.filter(({ ours }) => ours === null);
  const positionOf = (ours: string) => columns.find((column) => column.ours === ours)?.position ?? null;
  return {
    number,
    table,
    headerRow: rowNumber,
    width: names.length,
    header: own.map(({ name }) => unguard(name)),
    positions: own.map(({ position }) => position),
    extras: columns.filter(({ ours }) => ours === 'extra').map(({ position }) => position),
    idPosition: positionOf('id')!,
    errorsPosition: positionOf('errors'),
  };
}

async function findHeader(table: Table): Promise<{ names: string[]; rowNumber: number } | null> {
  let searched = 0;
  for await (const batch of table.batches()) {
    for (let row = 0; row < batch.rowCount; row++) {
      const names = rowTexts(batch, row);
      if (names.some((name) => exportColumnOf(name.trim()) === 'id')) return { names, rowNumber: batch.rowNumbers[row]! };
      if (++searched === headerSearchRows) return null;
    }
  }
  return null;
}
