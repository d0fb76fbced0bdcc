import { createReadStream } from 'node:fs';
import { fileHead } from '../parse/file-bytes.ts';
import { inflate, type SourceFile } from '../parse/inflate.ts';
import { agreeWithName, type FileKind } from '../parse/name-agreement.ts';
import { sniff, SNIFF_BYTES, type Content } from '../parse/sniff.ts';
import { openZip, zipKind } from '../parse/zip.ts';

/** As the reader has it: the largest table that the open data portal publishes has 9 GB. */
const maxMemberBytes = 64 * 1024 ** 3;

/**
 * Throws ProjetusError for a file that is not what its name says (a web page, first of all), and for an archive whose
 * directory or checksums do not fit its bytes: what is kept as the day's file can be read.
 */
export async function checkContent(file: SourceFile, signal: AbortSignal): Promise<void> {
  const content = sniff(await fileHead(file, SNIFF_BYTES), file.name, 'auto');
  agreeWithName(await kindOf(file, content), file.name);
  if (content === 'zip') await readZip(file, signal);
  if (content === 'gzip') await readAll(inflate(createReadStream(file.path), 'gzip', file, 'it'), signal);
}

async function kindOf(file: SourceFile, content: Content): Promise<FileKind> {
  if (content === 'text') return 'text';
  if (content === 'gzip') return 'gz';
  if (content === 'cfb') return 'workbook';
  const kind = await zipKind(file);
  return kind === 'archive' ? 'zip' : kind === 'xlsx' ? 'xlsx' : 'workbook';
}

/** Every member to its end: its size and its CRC are looked at by whom it is read. */
async function readZip(file: SourceFile, signal: AbortSignal): Promise<void> {
  await using zip = await openZip(file);
  for (const entry of zip.entries) if (!entry.name.endsWith('/')) await readAll(zip.read(entry, maxMemberBytes), signal);
}

async function readAll(bytes: AsyncIterable<Buffer>, signal: AbortSignal): Promise<void> {
  for await (const _chunk of bytes) signal.throwIfAborted();
}
