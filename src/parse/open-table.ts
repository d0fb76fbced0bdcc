import type { Format } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import type { Table } from '../core/rows.ts';
import { openArchive } from './archive.ts';
import { fileBytes, fileHead } from './file-bytes.ts';
import type { SourceFile } from './inflate.ts';
import { agreeWithName, type FileKind } from './name-agreement.ts';
import { sniff, SNIFF_BYTES } from './sniff.ts';
import { openTextTable } from './text-table.ts';
import { zipKind } from './zip.ts';

type Reader = (file: SourceFile, format: Format, signal: AbortSignal, firstNonUtf8: number | null | undefined) => Promise<Table>;

/** A new format is one line here and a kind in `kindOf`. The workbook library costs 50 ms to load: only who needs it does. */
const readers: Record<FileKind, Reader> = {
  text: openTextFile,
  zip: (file, format, signal) => openArchivedText(file, 'zip', format, signal),
  gz: (file, format, signal) => openArchivedText(file, 'gz', format, signal),
  xlsx: async (file, format, signal) => (await import('./xlsx/open-xlsx.ts')).openXlsx(file, format, signal),
  workbook: async (file, format, signal) => (await import('./workbook.ts')).openWorkbook(file, format, signal),
};

/**
 * Opens a file as a table. The content decides what it is; a name that says something else is refused. `firstNonUtf8`:
 * the position of the file's first byte that is not UTF-8, null for none, where it is known already.
 * Throws ProjetusError for what is wrong with the file, here and while the rows are read.
 */
export async function openTable(
  file: SourceFile,
  format: Format,
  signal: AbortSignal,
  firstNonUtf8?: number | null,
): Promise<Table> {
  const kind = await kindOf(file, format);
  agreeWithName(kind, file.name);
  return readers[kind](file, format, signal, firstNonUtf8);
}

async function kindOf(file: SourceFile, format: Format): Promise<FileKind> {
  const content = sniff(await fileHead(file, SNIFF_BYTES), file.name, format.encoding);
  if (content === 'text') return 'text';
  if (content === 'gzip') return 'gz';
  if (content === 'cfb') return 'workbook';
  const kind = await zipKind(file);
  if (kind === 'archive') return 'zip';
  return kind === 'xlsx' ? 'xlsx' : 'workbook';
}

async function openTextFile(
  file: SourceFile,
  format: Format,
  signal: AbortSignal,
  firstNonUtf8: number | null | undefined,
): Promise<Table> {
  const read = () => fileBytes(file, signal);
  return openTextTable({ name: file.name, member: null, read, firstNonUtf8 }, format);
}

async function openArchivedText(file: SourceFile, kind: 'zip' | 'gz', format: Format, signal: AbortSignal): Promise<Table> {
  const { member, read } = await openArchive(file, kind, format.member);
  const name = `${file.name}: ${member}`;
  const text = { name, member, read: () => abortable(read(), signal) };
  const content = sniff(await streamHead(text.read(), SNIFF_BYTES), name, format.encoding);
  if (content !== 'text') throw notText(file.name, member);
  return openTextTable(text, format);
}

async function* abortable(chunks: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
  }
}

async function streamHead(chunks: AsyncIterable<Buffer>, sizeBytes: number): Promise<Buffer> {
  const head: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    head.push(chunk);
    length += chunk.length;
    if (length >= sizeBytes) break;
  }
  return Buffer.concat(head).subarray(0, sizeBytes);
}

function notText(file: string, member: string): ProjetusError {
  const hint = 'unpack the archive, and give projetus the file that is in it';
  return new ProjetusError('source-unreadable', `${file}: ${member} is a workbook or an archive, not text`, { file, hint });
}
