import { readFile, stat } from 'node:fs/promises';
import type { Format } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import type { RowBatch, Table } from '../core/rows.ts';
import { bombError, unreadable, type SourceFile } from './inflate.ts';
import { checkOdsSize } from './ods-size.ts';
import { CFB, codePages, read, set_cptable, type CellObject, type WorkBook, type WorkSheet } from './sheetjs.ts';
import { chooseSheet, type Sheet } from './xlsx/choose-sheet.ts';
import { objectRows } from './xlsx/object-rows.ts';
import { findEntry, openZip, zipKind } from './zip.ts';

/**
 * `xlsx` holds the whole workbook and makes an object of each cell: a full .xls, 65,535 rows of 20 columns in 35 MB,
 * took 964 MB. The limit is half as much again. The content of .xlsb and .ods is measured unpacked.
 */
const maxFileBytes = 48 * 1024 * 1024;
const maxInflatedBytes = 128 * 1024 * 1024;

const compoundMagic = 'd0cf11e0a1b11ae1';
const zipMagic = '504b0304';

/**
 * Opens a sheet of an .xls, .xlsb or .ods workbook through `xlsx`, in memory. Only what has the magic bytes of a
 * workbook reaches it: it guesses at text and HTML, and reads `00123` there as 123. Throws ProjetusError
 * `source-encrypted`, `source-bomb`, `source-unreadable`, `source-truncated`, `sheet-missing`.
 */
export async function openWorkbook(file: SourceFile, format: Format, signal: AbortSignal): Promise<Table> {
  const content = await readLimited(file, signal);
  const isOds = await checkContent(file, content);
  const workbook = parse(file, content);
  signal.throwIfAborted();
  const sheets = sheetsOf(workbook);
  const { index, decisions } = chooseSheet(file, sheets, format.sheet);
  const name = sheets[index]!.name;
  const cells = requireSheet(file, workbook.Sheets[name], name);
  const is1904 = workbook.Workbook?.WBProps?.date1904 === true;
  const receipt = {
    format: 'workbook',
    member: null,
    sheet: name,
    encoding: null,
    delimiter: null,
    decisions: [
      ...decisions,
      ...(is1904 ? ['days are counted from 1904-01-01: the workbook says so'] : []),
      ...(isOds ? ['hidden sheets are counted: which ones are hidden is not read from .ods files'] : []),
    ],
  } as const;
  return { receipt, isRagged: true, batches: () => readRows(file, cells, name, is1904, signal) };
}

async function readLimited(file: SourceFile, signal: AbortSignal): Promise<Buffer> {
  try {
    const { size } = await stat(file.path);
    if (size <= maxFileBytes) return await readFile(file.path, { signal });
    const hint = 'save it as .xlsx, which is read without such a limit, or as CSV';
    const message = `${file.name} has ${size} bytes; workbooks of this kind are read up to ${maxFileBytes}`;
    throw new ProjetusError('source-unreadable', message, { file: file.name, hint });
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? unreadable(file, error) : error;
  }
}

/** Refuses what is no workbook, and what would take too much memory. True for .ods. */
async function checkContent(file: SourceFile, content: Buffer): Promise<boolean> {
  if (content.toString('hex', 0, 8) === compoundMagic) return false;
  if (content.toString('hex', 0, 4) !== zipMagic) throw notAWorkbook(file, 'is not a workbook');
  const kind = await zipKind(file);
  if (kind === 'archive') throw notAWorkbook(file, 'is an archive, not a workbook');
  await checkParts(file);
  return kind === 'ods';
}

/** Reads every part once: `xlsx` checks neither sizes nor CRC-32. */
async function checkParts(file: SourceFile): Promise<void> {
  await using zip = await openZip(file);
  const total = zip.entries.reduce((sum, entry) => sum + entry.inflatedBytes, 0);
  const packed = zip.entries.reduce((sum, entry) => sum + entry.packedBytes, 0);
  if (total > maxInflatedBytes) throw bombError(file, 'the workbook', packed, total);
  const content = findEntry(zip, 'content.xml');
  for (const entry of zip.entries) {
    const chunks = zip.read(entry, maxInflatedBytes);
    if (entry === content) await checkOdsSize(file, chunks);
    else for await (const chunk of chunks) void chunk;
  }
}

// Without the tables, texts of workbooks older than Excel 97 lose their accents.
set_cptable(codePages);

function parse(file: SourceFile, content: Buffer): WorkBook {
  try {
    if (content.toString('hex', 0, 8) === compoundMagic) refuseForeign(file, CFB.read(content, { type: 'buffer' }).FullPaths);
    return read(content, {
      type: 'buffer',
      dense: true,
      cellNF: true,
      cellText: false,
      cellHTML: false,
      cellFormula: false,
      // Not `WTF`: it refuses every tag and record that it does not know. `requireSheet` and `objectRows` find what
      // it swallows otherwise: sheets and texts that are not there.
      UTC: true,
    });
  } catch (error) {
    throw parseError(file, error);
  }
}

/** A compound file is a folder tree: an encrypted .xlsx is a stream in it, and so is a Word document. */
function refuseForeign(file: SourceFile, paths: readonly string[]): void {
  const names = new Set(paths.map((path) => path.slice(path.lastIndexOf('/') + 1).toLowerCase()));
  if (names.has('encryptedpackage')) throw encrypted(file, null);
  if (!names.has('workbook') && !names.has('book')) throw notAWorkbook(file, 'holds no workbook');
}

function parseError(file: SourceFile, error: unknown): ProjetusError {
  if (error instanceof ProjetusError) return error;
  // It throws strings, too.
  const message = error instanceof Error ? error.message : String(error);
  if (/password|encrypt/i.test(message)) return encrypted(file, error);
  return new ProjetusError('source-unreadable', `${file.name} cannot be read as a workbook: ${message}`, {
    file: file.name,
    hint: 'download it again; when that does not help, open it and save it as .xlsx',
    cause: error,
  });
}

function encrypted(file: SourceFile, cause: unknown): ProjetusError {
  const hint = 'open it with its password and save it without one';
  return new ProjetusError('source-encrypted', `${file.name} is protected by a password`, { file: file.name, hint, cause });
}

function notAWorkbook(file: SourceFile, what: string): ProjetusError {
  const hint = 'look at it with a text editor: perhaps it is a CSV or a web page with another name';
  return new ProjetusError('source-unreadable', `${file.name} ${what}`, { file: file.name, hint });
}

function sheetsOf(workbook: WorkBook): readonly Sheet[] {
  return workbook.SheetNames.map((name, index) => ({ name, isHidden: (workbook.Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0 }));
}

/** `xlsx` leaves a sheet that it could not read out, without a word. */
function requireSheet(file: SourceFile, sheet: WorkSheet | undefined, name: string): readonly (CellObject[] | null)[] {
  if (sheet?.['!data'] !== undefined) return sheet['!data'];
  throw parseError(file, new Error(`the sheet "${name}" is damaged or ends too early`));
}

async function* readRows(
  file: SourceFile,
  rows: readonly (CellObject[] | null)[],
  sheet: string,
  is1904: boolean,
  signal: AbortSignal,
): AsyncGenerator<RowBatch> {
  const fail = (what: string): ProjetusError =>
    new ProjetusError('source-unreadable', `${file.name}, sheet "${sheet}": ${what}`, {
      file: file.name,
      hint: 'save it as .xlsx',
    });
  for (const batch of objectRows(rows, is1904, fail)) {
    signal.throwIfAborted();
    yield batch;
  }
}
