import type { Format } from '../../core/dataset.ts';
import { ProjetusError } from '../../core/errors.ts';
import type { RowBatch, Table } from '../../core/rows.ts';
import { bombError, isBomb, type SourceFile } from '../inflate.ts';
import { findEntry, openZip, type Zip, type ZipEntry } from '../zip.ts';
import { chooseSheet } from './choose-sheet.ts';
import { partFail, readRelationships, readSmallPart, requirePart, type Relationship } from './parts.ts';
import { noSharedStrings, readSharedStrings, type SharedStrings } from './shared-strings.ts';
import { sheetRows, type SheetFail } from './sheet-rows.ts';
import { readDateStyles } from './styles.ts';
import { readWorkbook } from './workbook-part.ts';

/** A full sheet of 1,048,576 rows and 100 columns has some 4 GB of XML; it is streamed. */
const maxSheetBytes = 8 * 1024 ** 3;

/** The texts are held in memory: `readSharedStrings` says how many of them; this is their XML. */
const maxStringsBytes = 1024 ** 3;

/** The parts of a workbook that its rows are read from. */
type Parts = {
  readonly sheetName: string;
  readonly sheet: string;
  readonly strings: string | null;
  readonly styles: string | null;
  readonly is1904: boolean;
  readonly decisions: readonly string[];
};

/**
 * Opens a sheet of an .xlsx or .xlsm workbook. It streams: memory grows with the shared strings only. Throws
 * ProjetusError `sheet-missing`, `source-unsafe`, `source-bomb`, `source-truncated`, `source-encrypted` and
 * `source-unreadable`, at once or while rows are read.
 */
export async function openXlsx(file: SourceFile, format: Format, signal: AbortSignal): Promise<Table> {
  const parts = await findParts(file, format.sheet);
  const receipt = {
    format: 'xlsx',
    member: null,
    sheet: parts.sheetName,
    encoding: null,
    delimiter: null,
    decisions: parts.decisions,
  } as const;
  return { receipt, isRagged: true, batches: () => readSheet(file, parts, signal) };
}

async function findParts(file: SourceFile, wanted: number | string): Promise<Parts> {
  await using zip = await openZip(file);
  const packageRelationships = await readRelationships(zip, '', file);
  const workbookPart = packageRelationships.find(({ type }) => type === 'officeDocument')?.part ?? 'xl/workbook.xml';
  const relationships = await readRelationships(zip, workbookPart, file);
  const part = await readSmallPart(zip, requirePart(zip, workbookPart, file));
  const workbook = readWorkbook(part, relationships, partFail(file, workbookPart));
  const { index, decisions } = chooseSheet(file, workbook.sheets, wanted);
  const sheet = workbook.sheets[index]!;
  refuseBomb(file, requirePart(zip, sheet.part, file));
  return {
    sheetName: sheet.name,
    sheet: sheet.part,
    strings: partOf(relationships, 'sharedStrings'),
    styles: partOf(relationships, 'styles'),
    is1904: workbook.is1904,
    decisions: workbook.is1904 ? [...decisions, 'days are counted from 1904-01-01: the workbook says so'] : decisions,
  };
}

function partOf(relationships: readonly Relationship[], type: string): string | null {
  return relationships.find((relationship) => relationship.type === type)?.part ?? null;
}

/** Said when the workbook is opened, not only after the shared strings have been read. */
function refuseBomb(file: SourceFile, { name, packedBytes, inflatedBytes }: ZipEntry): void {
  if (isBomb(packedBytes, inflatedBytes, maxSheetBytes)) throw bombError(file, name, packedBytes, inflatedBytes);
}

async function* readSheet(file: SourceFile, parts: Parts, signal: AbortSignal): AsyncGenerator<RowBatch> {
  await using zip = await openZip(file);
  const entry = requirePart(zip, parts.sheet, file);
  const context = {
    strings: await readStrings(zip, file, parts.strings, signal),
    dateStyles: await readStyles(zip, file, parts.styles),
    is1904: parts.is1904,
  };
  const chunks = untilAborted(zip.read(entry, maxSheetBytes), signal);
  yield* sheetRows(chunks, context, partFail(file, parts.sheet), cellFail(file, parts.sheetName));
}

async function readStrings(zip: Zip, file: SourceFile, part: string | null, signal: AbortSignal): Promise<SharedStrings> {
  // Some writers name the part though no cell needs it, and leave it out.
  const entry = part === null ? null : findEntry(zip, part);
  if (entry === null) return noSharedStrings;
  const chunks = untilAborted(zip.read(entry, maxStringsBytes), signal);
  return await readSharedStrings(chunks, entry.inflatedBytes, partFail(file, entry.name));
}

async function readStyles(zip: Zip, file: SourceFile, part: string | null): Promise<Uint8Array> {
  if (part === null) return new Uint8Array(0);
  const entry = requirePart(zip, part, file);
  return readDateStyles(await readSmallPart(zip, entry), partFail(file, entry.name));
}

async function* untilAborted(chunks: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
  }
}

/** Makes the errors for a cell, as `file, sheet "Dados", cell B7 …`. */
function cellFail(file: SourceFile, sheet: string): SheetFail {
  const hint = 'open the workbook and save it again, or save the sheet as CSV';
  return (what, row, column) => {
    const place = column === null ? `row ${row}` : `cell ${column}${row}`;
    const message = `${file.name}, sheet "${sheet}": ${place} ${what}`;
    return new ProjetusError('source-unreadable', message, {
      file: file.name,
      line: row,
      hint,
      ...(column !== null && { column }),
    });
  };
}
