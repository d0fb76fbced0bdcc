import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Config } from '../config/config.ts';
import { dayIn } from '../core/business-date.ts';
import type { Host } from '../core/host.ts';
import type { Database } from '../db/open-database.ts';
import { incomingFolder } from '../fetch/known.ts';
import { ledgerPath, readLedger, writeLedger, type Kept } from '../fetch/ledger.ts';
import { lockRawFiles } from '../fetch/lock.ts';
import { withOperationalTables } from '../runs.ts';
import { datedFolders } from '../source/find-sources.ts';

/** Files that were fetched and are older than `extraction.keep_raw_days`. What a person put there is never among them. */
export type RawFilesReport = { before: string; files: string[]; bytes: number };

type Old = Kept & { readonly folder: string };

/** What the last published run of each dataset was read from. */
type Published = { readonly paths: ReadonlySet<string>; readonly checksums: ReadonlySet<string> };

export type RawFilesJob = { readonly config: Pick<Config, 'extraction'>; readonly host: Host; readonly clock: () => Date };

/** At the end of a run that did not fail. Nothing depends on it, so it never fails one; the next run tries again. */
export async function removeOldRawFiles(database: Database, job: RawFilesJob): Promise<void> {
  try {
    await pruneRawFiles(database, job, false);
  } catch {
    // Another process fetches, or the folder cannot be written: `lineage prune` says so.
  }
}

/**
 * Removes fetched files of days before `keep_raw_days`, or with a dry run lists them. Those that the last published run
 * of a dataset came from stay, however old they are. Throws `locked` while another process fetches.
 */
export async function pruneRawFiles(
  database: Database,
  { config, host, clock }: RawFilesJob,
  isDryRun: boolean,
): Promise<RawFilesReport> {
  const { rawDir, keepRawDays, timezone } = config.extraction;
  // Never the business date: who reads the files of another day does not say that time has passed.
  const today = dayIn(timezone, clock());
  const before = new Date(Date.parse(`${today}T00:00:00Z`) - keepRawDays * 86_400_000).toISOString().slice(0, 10);
  const published = await withOperationalTables(database, publishedFiles);
  const old = published ? await oldFiles(rawDir, before, published) : [];
  const parts = await oldParts(rawDir, before);
  if (!isDryRun && old.length + parts.length > 0) await remove(rawDir, host, old, parts);
  const files = old.map(({ folder, file }) => join(folder, file));
  return { before, files: [...files, ...parts], bytes: old.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function publishedFiles(db: Parameters<Parameters<typeof withOperationalTables>[1]>[0]): Promise<Published> {
  const { rows } = await sql<{ path: string; checksum: string }>`
    SELECT e.path, e.checksum FROM datasets d JOIN extraction_logs e ON e.run_id = d.run_id AND e.dataset = d.name
    UNION ALL SELECT '', jsonb_array_elements_text(checksums) FROM datasets`.execute(db);
  return { paths: new Set(rows.map(({ path }) => path)), checksums: new Set(rows.map(({ checksum }) => checksum)) };
}

/** Of published content that is there more than once, as with a file that stays the same for months, the newest is enough. */
async function oldFiles(rawDir: string, before: string, published: Published): Promise<Old[]> {
  const old: Old[] = [];
  const seen = new Set<string>();
  for (const day of (await datedFolders(rawDir)).toReversed()) {
    const folder = join(rawDir, day);
    for (const kept of await readLedger(folder)) {
      const isPublished = published.checksums.has(kept.sha256) && !seen.has(kept.sha256);
      const isKept = day >= before || isPublished || published.paths.has(join(folder, kept.file));
      if (isKept) seen.add(kept.sha256);
      else old.push({ ...kept, folder });
    }
  }
  const incoming = incomingFolder(rawDir);
  const forgotten = (await readLedger(incoming)).filter(({ fetched_at }) => fetched_at.slice(0, 10) < before);
  return [...old, ...forgotten.map((kept) => ({ ...kept, folder: incoming }))];
}

/** Downloads that were never finished, of addresses that nobody asks any more. */
async function oldParts(rawDir: string, before: string): Promise<string[]> {
  const folder = incomingFolder(rawDir);
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) => /^\..*\.part(\.json)?$/.test(name));
  const found = await Promise.all(names.map(async (name) => ({ name, mtime: (await stat(join(folder, name))).mtime })));
  return found.filter(({ mtime }) => mtime.toISOString().slice(0, 10) < before).map(({ name }) => join(folder, name));
}

async function remove(rawDir: string, host: Host, old: readonly Old[], parts: readonly string[]): Promise<void> {
  await using _lock = await lockRawFiles(rawDir, host);
  for (const path of parts) await rm(path, { force: true });
  for (const [folder, gone] of Map.groupBy(old, ({ folder }) => folder)) {
    const names = new Set(gone.map(({ file }) => file));
    for (const name of names) await rm(join(folder, name), { force: true });
    const left = (await readLedger(folder)).filter(({ file }) => !names.has(file));
    if (left.length > 0) await writeLedger(folder, left);
    else await removeFolder(folder);
  }
}

/** A folder with files of a person stays. */
async function removeFolder(folder: string): Promise<void> {
  await rm(ledgerPath(folder), { force: true });
  await rmdir(folder).catch(() => undefined);
}
