import { stat } from 'node:fs/promises';
import { sql, type Kysely } from 'kysely';
import { ProjetusError } from '../core/errors.ts';
import type { Tables } from '../db/tables.ts';
import type { SourceFile } from '../source/find-sources.ts';
import { checksum } from '../source/fingerprint.ts';
import type { LoggedSource } from './published.ts';
import type { SourceAudit } from './report.ts';

export type RawFile = {
  readonly source: LoggedSource;
  readonly state: SourceAudit['state'];
  /** Null when it is gone or changed. */
  readonly file: SourceFile | null;
};

/** Other places at which the same bytes were read: yesterday's folder may be cleaned up while today's holds the same file. */
const otherPlaces = 5;

/** Finds the file that a run read, by its path and its checksum. `deep` takes the checksum; else the size has to do. */
export async function findRawFile(
  db: Kysely<Tables>,
  source: LoggedSource,
  deep: boolean,
  signal: AbortSignal,
): Promise<RawFile> {
  let isThere = false;
  for (const path of [source.path, ...(await pathsOf(db, source))]) {
    const file = await sourceFileAt(path, source.name);
    if (!file) continue;
    isThere ||= path === source.path;
    if (file.sizeBytes !== source.sizeBytes) continue;
    if (!deep) return { source, state: 'unread', file };
    if ((await readableChecksum(file, signal)) === source.checksum) return { source, state: 'same', file };
  }
  return { source, state: isThere ? 'changed' : 'gone', file: null };
}

async function pathsOf(db: Kysely<Tables>, source: LoggedSource): Promise<string[]> {
  const { rows } = await sql<{ path: string }>`
    SELECT path FROM extraction_logs WHERE checksum = ${source.checksum} AND path <> ${source.path}
    GROUP BY path ORDER BY max(id) DESC LIMIT ${otherPlaces}`.execute(db);
  return rows.map(({ path }) => path);
}

async function sourceFileAt(path: string, name: string): Promise<SourceFile | null> {
  // Whatever keeps us from it, it is not there for us.
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return null;
  return { name, path, sizeBytes: found.size, modifiedAtMs: found.mtimeMs, changedAtMs: found.ctimeMs };
}

async function readableChecksum(file: SourceFile, signal: AbortSignal): Promise<string | null> {
  try {
    return await checksum(file, signal);
  } catch (error) {
    if (error instanceof ProjetusError && error.code === 'source-unreadable') return null;
    throw error;
  }
}
