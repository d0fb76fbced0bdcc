import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { ProjetusError } from '../core/errors.ts';
import { fold } from '../core/names.ts';
import { bombError, inflate, isBomb, type SourceFile } from './inflate.ts';
import { openZip, type ZipEntry } from './zip.ts';

/** The one data file in an archive. */
export type ArchiveMember = {
  readonly member: string;
  /** Reads it from its start, once per call. Throws ProjetusError for what is wrong with the archive. */
  readonly read: () => AsyncIterable<Buffer>;
};

/** The largest table that the open data portal publishes has 9 GB; beyond 64 GiB something is wrong. */
const maxMemberBytes = 64 * 1024 ** 3;

/**
 * Finds the data file of a zip or gzip archive: the one `.csv`, `.tsv` or `.txt` in it, or the one that `member` names.
 * Throws ProjetusError `member-uncertain`, and what `openZip` throws.
 */
export async function openArchive(file: SourceFile, kind: 'zip' | 'gz', member: string | null): Promise<ArchiveMember> {
  return kind === 'gz' ? openGzip(file, member) : await openZipMember(file, member);
}

async function openZipMember(file: SourceFile, member: string | null): Promise<ArchiveMember> {
  await using zip = await openZip(file);
  const { name } = chooseMember(file, zip.entries.filter(isContent), member);
  return { member: name, read: () => readZipMember(file, name) };
}

/** Opens the archive anew, so that a table that nobody reads holds no file open. */
async function* readZipMember(file: SourceFile, name: string): AsyncGenerator<Buffer> {
  await using zip = await openZip(file);
  const entry = zip.entries.find((candidate) => candidate.name === name);
  if (entry === undefined)
    throw new ProjetusError('source-changed', `${file.name} changed while it was read`, { file: file.name });
  yield* zip.read(entry, maxMemberBytes);
}

/** Leaves out directories and what macOS and Windows add on their own. */
function isContent(entry: ZipEntry): boolean {
  const name = basename(entry.name);
  return !entry.name.endsWith('/') && !entry.name.startsWith('__MACOSX/') && !name.startsWith('._') && !litter.has(name);
}

const litter = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);
const dataFile = /\.(csv|tsv|txt)$/i;
const workbookFile = /\.(xlsx|xlsm|xls|xlsb|ods)$/i;

function chooseMember(file: SourceFile, entries: readonly ZipEntry[], member: string | null): ZipEntry {
  const candidates = member === null ? entries.filter((entry) => dataFile.test(entry.name)) : named(entries, member);
  const chosen = candidates[0];
  if (chosen === undefined || candidates.length > 1) throw uncertain(file, entries, candidates, member);
  if (workbookFile.test(chosen.name)) throw uncertain(file, entries, [], member);
  return chosen;
}

/** By the whole path, else by the file name, else by the file name without accents and case. */
function named(entries: readonly ZipEntry[], member: string): readonly ZipEntry[] {
  const ways = [
    (name: string) => name === member,
    (name: string) => basename(name) === member,
    (name: string) => fold(basename(name)) === fold(member),
  ];
  return ways.map((isMeant) => entries.filter((entry) => isMeant(entry.name))).find((found) => found.length > 0) ?? [];
}

function uncertain(
  file: SourceFile,
  entries: readonly ZipEntry[],
  found: readonly ZipEntry[],
  member: string | null,
): ProjetusError {
  const details = { file: file.name, hint: uncertainHint(entries, found) };
  const names = entries.slice(0, 20).map((entry) => entry.name);
  const holds = names.length === 0 ? 'it is empty' : `it holds ${names.join(', ')}${entries.length > 20 ? ', …' : ''}`;
  const wanted = member === null ? (found.length > 1 ? 'several data files' : 'no data file') : `not one file named "${member}"`;
  return new ProjetusError('member-uncertain', `${file.name} has ${wanted}: ${holds}`, details);
}

function uncertainHint(entries: readonly ZipEntry[], found: readonly ZipEntry[]): string {
  const example = found[0] ?? entries.find((entry) => !workbookFile.test(entry.name));
  if (found.length === 0 && entries.some((entry) => workbookFile.test(entry.name))) {
    return 'workbooks are not read inside archives: unzip it and give projetus the workbook';
  }
  if (example === undefined) return 'pack one .csv, .tsv or .txt file';
  return `say which in the configuration: format: { member: "${basename(example.name)}" }`;
}

function openGzip(file: SourceFile, member: string | null): ArchiveMember {
  const name = basename(file.name).replace(/\.gz$/i, '');
  if (/\.(tar|tgz)$/i.test(name) || workbookFile.test(name)) {
    const hint = 'unpack it and give projetus the file in it';
    throw new ProjetusError('member-uncertain', `${file.name} holds no text file`, { file: file.name, hint });
  }
  if (member !== null && fold(member) !== fold(name)) {
    const hint = 'take `member` out of the configuration: a .gz holds one file';
    throw new ProjetusError('member-uncertain', `${file.name} holds ${name}, not "${member}"`, { file: file.name, hint });
  }
  return { member: name, read: () => readGzip(file, name) };
}

/** A gzip file does not say how large its content is, so the limits are looked at while it inflates. */
async function* readGzip(file: SourceFile, name: string): AsyncGenerator<Buffer> {
  const packed = createReadStream(file.path, { highWaterMark: 256 * 1024 });
  let inflatedBytes = 0;
  for await (const chunk of inflate(packed, 'gzip', file, name)) {
    inflatedBytes += chunk.length;
    if (isBomb(packed.bytesRead, inflatedBytes, maxMemberBytes)) throw bombError(file, name, packed.bytesRead, inflatedBytes);
    yield chunk;
  }
}
