import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checksum } from '../source/fingerprint.ts';
import { datedFolders } from '../source/find-sources.ts';
import { readLedger, type Kept } from './ledger.ts';

/** A file of an address that is on disk, as it was fetched. */
export type Known = {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
};

/**
 * The folder in which files arrive: what has not come whole yet, what a dry run fetched, and what waits for the others
 * of its set. From there they go into the day's folder.
 */
export function incomingFolder(rawDir: string): string {
  return join(rawDir, '.incoming');
}

/** The newest file of an address that still has the bytes that were fetched; null when there is none. */
export async function findKnown(rawDir: string, key: string, signal: AbortSignal): Promise<Known | null> {
  // What has arrived last is newer than every day.
  for (const folder of [incomingFolder(rawDir), ...(await dayFolders(rawDir))]) {
    for (const kept of (await readLedger(folder)).filter((entry) => entry.key === key).toReversed()) {
      const path = join(folder, kept.file);
      if (await isThere(path, kept, signal)) {
        return { path, sha256: kept.sha256, bytes: kept.bytes, etag: kept.etag, lastModified: kept.last_modified };
      }
    }
  }
  return null;
}

/** The checksum of the file of an address that was put into a day's folder last; null when none was. */
export async function lastChecksum(rawDir: string, key: string): Promise<string | null> {
  for (const folder of await dayFolders(rawDir)) {
    const kept = (await readLedger(folder)).findLast((entry) => entry.key === key);
    if (kept) return kept.sha256;
  }
  return null;
}

/** The newest first. */
async function dayFolders(rawDir: string): Promise<string[]> {
  const days = await datedFolders(rawDir).catch((): string[] => []);
  return days.toReversed().map((day) => join(rawDir, day));
}

/** Who edited a file did not tell its server: it is fetched again. */
async function isThere(path: string, kept: Kept, signal: AbortSignal): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile() || found.size !== kept.bytes) return false;
  return (await checksum({ name: kept.file, path }, signal)) === kept.sha256;
}
