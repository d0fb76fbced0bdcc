import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import type { ErrorCode } from '../core/codes.ts';
import { ProjetusError } from '../core/errors.ts';
import { bombError, inflate, isBomb, unreadable, type SourceFile } from './inflate.ts';

export type ZipEntry = {
  /** With `/` between folders; never absolute, never with `..`; directories end in `/`. */
  readonly name: string;
  readonly packedBytes: number;
  /** What the central directory declares: an entry that inflates to anything else is refused. */
  readonly inflatedBytes: number;
};

export type Zip = AsyncDisposable & {
  readonly entries: readonly ZipEntry[];
  /**
   * The bytes of an entry, their size and CRC-32 checked. Throws ProjetusError `source-bomb`, `source-encrypted`,
   * `source-truncated`, `source-unreadable`.
   */
  readonly read: (entry: ZipEntry, maxBytes: number) => AsyncGenerator<Buffer>;
};

/** Workbooks have some dozens of parts and archives of data one file; the list itself must not fill the memory. */
const maxEntries = 10_000;

/** The list of parts of a workbook, the largest seen had 20 KB. */
const maxContentTypesBytes = 4 * 1024 * 1024;

/** What a file that begins with `PK` is, by its content. Throws ProjetusError for what is neither data nor a workbook. */
export async function zipKind(file: SourceFile): Promise<'xlsx' | 'xlsb' | 'ods' | 'archive'> {
  await using zip = await openZip(file);
  const types = findEntry(zip, '[Content_Types].xml');
  if (types !== null) return officeKind(file, await readWhole(zip, types, maxContentTypesBytes));
  const mimetype = findEntry(zip, 'mimetype');
  if (mimetype === null) return 'archive';
  const text = (await readWhole(zip, mimetype, maxContentTypesBytes)).toString('latin1');
  if (text.startsWith('application/vnd.oasis.opendocument.spreadsheet')) return 'ods';
  throw notATable(file, `a document of type ${text.slice(0, 80)}`);
}

/** Opens the central directory. Dispose the result: it holds the file open. */
export async function openZip(file: SourceFile): Promise<Zip> {
  const zip = await attempt(file, () => yauzl.openPromise(file.path, { autoClose: false }));
  try {
    const byEntry = await readDirectory(zip, file);
    return {
      entries: [...byEntry.keys()],
      read: (entry, maxBytes) => readEntry(zip, byEntry.get(entry)!, maxBytes, file),
      [Symbol.asyncDispose]: () => Promise.resolve(zip.close()),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** The entry of that name; part names of workbooks compare without case. */
export function findEntry(zip: Zip, name: string): ZipEntry | null {
  const lower = name.toLowerCase();
  return (
    zip.entries.find((entry) => entry.name === name) ?? zip.entries.find((entry) => entry.name.toLowerCase() === lower) ?? null
  );
}

/** A small entry as one buffer. */
export async function readWhole(zip: Zip, entry: ZipEntry, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of zip.read(entry, maxBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function readDirectory(zip: yauzl.ZipFile, file: SourceFile): Promise<Map<ZipEntry, yauzl.Entry>> {
  if (zip.entryCount > maxEntries) {
    throw new ProjetusError('source-bomb', `${file.name} has ${zip.entryCount} entries, more than ${maxEntries}`, {
      file: file.name,
    });
  }
  const byEntry = new Map<ZipEntry, yauzl.Entry>();
  const names = new Set<string>();
  await attempt(file, async () => {
    for await (const entry of zip.eachEntry()) {
      refuseUnsafe(entry, names, file);
      byEntry.set({ name: entry.fileName, packedBytes: entry.compressedSize, inflatedBytes: entry.uncompressedSize }, entry);
    }
  });
  return byEntry;
}

/** Two entries of one name: programs disagree on which of them counts. A link: its content is a path. */
function refuseUnsafe(entry: yauzl.Entry, names: Set<string>, file: SourceFile): void {
  const isLink = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000;
  const reason = isLink ? 'is a link' : names.has(entry.fileName) ? 'occurs twice' : null;
  names.add(entry.fileName);
  if (reason === null) return;
  const hint = 'pack the data files again, each once and as themselves';
  throw new ProjetusError('source-unsafe', `${file.name}: the entry ${entry.fileName} ${reason}`, { file: file.name, hint });
}

async function* readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry, maxBytes: number, file: SourceFile): AsyncGenerator<Buffer> {
  refuseUndecodable(entry, file);
  if (isBomb(entry.compressedSize, entry.uncompressedSize, maxBytes)) {
    throw bombError(file, entry.fileName, entry.compressedSize, entry.uncompressedSize);
  }
  const packed = await attempt(file, () => zip.openReadStreamPromise(entry, { decodeFileData: false }));
  const chunks = entry.compressionMethod === 0 ? stored(packed, file) : inflate(packed, 'deflate', file, entry.fileName);
  let bytes = 0;
  let checksum = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    // Looked at before the chunk is used: a directory that lies about the size cannot hide a bomb.
    if (bytes > entry.uncompressedSize) break;
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (bytes !== entry.uncompressedSize)
    throw damaged(file, entry, `its size is not the ${entry.uncompressedSize} bytes declared`);
  if (checksum !== entry.crc32) throw damaged(file, entry, 'its CRC-32 is not the one declared');
}

async function* stored(packed: Readable, file: SourceFile): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of packed) yield chunk as Buffer;
  } catch (error) {
    throw zipError(error, file);
  } finally {
    packed.destroy();
  }
}

function refuseUndecodable(entry: yauzl.Entry, file: SourceFile): void {
  if (entry.isEncrypted()) {
    const hint = 'ask for a copy without a password, or unpack it and give projetus the result';
    throw new ProjetusError('source-encrypted', `${file.name}: ${entry.fileName} is protected by a password`, {
      file: file.name,
      hint,
    });
  }
  if (entry.canDecodeFileData()) return;
  // Windows Explorer packs what is larger than 2 GB with method 9, Deflate64.
  const hint = 'unpack it and give projetus the result, or pack it again with ordinary deflate';
  const message = `${file.name}: ${entry.fileName} is packed by method ${entry.compressionMethod}, which projetus does not read`;
  throw new ProjetusError('source-unreadable', message, { file: file.name, hint });
}

function damaged(file: SourceFile, entry: yauzl.Entry, reason: string): ProjetusError {
  const message = `${file.name}: ${entry.fileName} is damaged: ${reason}`;
  return new ProjetusError('source-unreadable', message, { file: file.name, hint: 'download the file again' });
}

function officeKind(file: SourceFile, contentTypes: Buffer): 'xlsx' | 'xlsb' {
  // UTF-16 is allowed here; without its zero bytes the ASCII names are the same.
  const text = contentTypes.toString('latin1').replaceAll('\0', '').toLowerCase();
  // SheetJS declares the binary workbook in every .xlsx that it writes, as the default of a part that is not there.
  if (/(?:spreadsheetml|ms-excel)[^"']*\.main\+xml/.test(text)) return 'xlsx';
  if (text.includes('ms-excel.sheet.binary.macroenabled.main')) return 'xlsb';
  if (text.includes('spreadsheetml') || text.includes('ms-excel')) return 'xlsx';
  throw notATable(file, 'an Office document without sheets');
}

function notATable(file: SourceFile, what: string): ProjetusError {
  const hint = 'give projetus a workbook, a CSV or a zip of one CSV';
  return new ProjetusError('source-unreadable', `${file.name} is ${what}, not a table`, { file: file.name, hint });
}

async function attempt<T>(file: SourceFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw zipError(error, file);
  }
}

/** yauzl's errors have no codes, only messages. What is not listed is a directory that is cut or damaged. */
const meanings: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/encrypt/i, 'source-encrypted', 'is protected by a password'],
  [/absolute path|relative path|invalid characters/, 'source-unsafe', 'has an entry whose name leads out of the archive'],
  [/multi-disk/, 'source-unreadable', 'is one part of an archive of several files'],
  [/size mismatch|extra field/, 'source-unreadable', 'has a damaged directory'],
];

function zipError(error: unknown, file: SourceFile): unknown {
  if (error instanceof ProjetusError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && 'syscall' in error) return unreadable(file, error);
  const meaning = meanings.find(([pattern]) => pattern.test(message));
  const code = meaning?.[1] ?? 'source-truncated';
  const text = `${file.name} ${meaning?.[2] ?? 'ends too early, or its list of entries is damaged'} (${message})`;
  return new ProjetusError(code, text, {
    file: file.name,
    hint: 'download or save the file again, and unpack it by hand',
    cause: error,
  });
}
