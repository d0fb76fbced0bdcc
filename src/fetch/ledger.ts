import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * What was fetched into a folder stands in a file of that folder, not in the database: a disk that is lost takes both
 * with it, and a server is never asked whether a file has changed that is no longer there.
 */
const ledgerFile = '.downloads.json';

/** A file that was fetched, and what its server said of it. */
export type Kept = {
  readonly file: string;
  /** Of which address: see `Order`. */
  readonly key: string;
  /** For people; safe to show. */
  readonly url: string;
  readonly etag: string | null;
  readonly last_modified: string | null;
  readonly sha256: string;
  readonly bytes: number;
  readonly fetched_at: string;
};

/** The newest last. Empty for a folder without, and for a file that is none of ours. */
export async function readLedger(folder: string): Promise<Kept[]> {
  const text = await readFile(join(folder, ledgerFile), 'utf8').catch(() => '');
  try {
    const { files } = JSON.parse(text) as { files: unknown[] };
    return files.filter(isKept);
  } catch {
    return [];
  }
}

/** Written beside and renamed, so that a crash leaves the old one. */
export async function writeLedger(folder: string, files: readonly Kept[]): Promise<void> {
  const draft = join(folder, `${ledgerFile}.${randomUUID()}`);
  await writeFile(draft, `${JSON.stringify({ schema: 'projetus.downloads/1', files }, null, 2)}\n`);
  await rename(draft, join(folder, ledgerFile));
}

export async function enter(folder: string, kept: Kept): Promise<void> {
  const others = (await readLedger(folder)).filter(({ file, key }) => file !== kept.file || key !== kept.key);
  await writeLedger(folder, [...others, kept]);
}

export function ledgerPath(folder: string): string {
  return join(folder, ledgerFile);
}

/** A name that leads out of the folder would make us remove a file elsewhere. */
function isKept(value: unknown): value is Kept {
  const { file, key, url, etag, last_modified, sha256, bytes } = (value ?? {}) as Partial<Record<keyof Kept, unknown>>;
  const isText = [file, key, url, sha256].every((part) => typeof part === 'string' && part !== '');
  const isSaid = [etag, last_modified].every((part) => part === null || (typeof part === 'string' && isHeaderText(part)));
  return isText && isSaid && typeof bytes === 'number' && basename(file as string) === file && file !== '..' && file !== '.';
}

/** What may be sent back in a header. */
export function isHeaderText(text: string): boolean {
  return text.length <= 300 && /^[\x20-\x7e]+$/.test(text);
}
