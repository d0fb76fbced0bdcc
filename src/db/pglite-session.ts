import { mkdir, stat } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { ProjetusError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { databaseError } from './database-error.ts';
import { lockFolder } from './folder-lock.ts';
import { openFolder, openInMemory } from './pglite-folder.ts';
import type { CopyIn, Session } from './session.ts';

/** One Blob of a whole file takes 1.9 GB for a million rows; blobs of 8 MB take 0.9 GB and no more time. */
const blobBytes = 8 * 1024 * 1024;

/** Opens, or makes, the database in a folder, for this process alone. */
export async function openPglite(folder: string, host: Host): Promise<Session> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw folderError(folder, error);
  });
  const unlock = await lockFolder(folder, host);
  try {
    return sessionOf(await openFolder(folder), unlock);
  } catch (error) {
    await unlock();
    throw folderError(folder, error);
  }
}

/** The same for a dry run, which makes no folder: where there is none yet, the database is one in memory. */
export async function openPgliteForRehearsal(folder: string, host: Host): Promise<Session> {
  const isThere = await stat(folder).catch(() => null);
  return isThere ? openPglite(folder, host) : sessionOf(await openInMemory(), async () => undefined);
}

function sessionOf(pglite: PGlite, unlock: () => Promise<void>): Session {
  const query: Session['query'] = async (text, parameters) => {
    // PGlite works in our own thread and without a turn of the event loop: a signal would not be seen before COMMIT.
    await turn();
    try {
      const result = await pglite.query<Record<string, unknown>>(text, [...parameters]);
      return { rows: result.rows, affectedRows: result.affectedRows ?? 0 };
    } catch (error) {
      throw databaseError(error, text);
    }
  };
  return {
    engine: 'pglite',
    query,
    copyIn: (target) => copyIn(pglite, target),
    copyOut: async (select, take) => {
      const { blob } = await pglite.query(`COPY (${select}) TO '/dev/blob' (FORMAT binary)`).catch((error: unknown) => {
        throw databaseError(error);
      });
      take(Buffer.from(await blob!.arrayBuffer()));
    },
    close: async () => {
      await pglite.close();
      await unlock();
    },
    cancel: async () => undefined,
    destroy: () => undefined,
  };
}

function copyIn(pglite: PGlite, target: string): CopyIn {
  let chunks: Buffer[] = [];
  let sizeBytes = 0;
  let rows = 0;
  const flush = async () => {
    if (sizeBytes === 0) return;
    const blob = new Blob(chunks);
    chunks = [];
    sizeBytes = 0;
    try {
      const result = await pglite.query(`COPY ${target} FROM '/dev/blob'`, [], { blob });
      rows += result.affectedRows ?? 0;
    } catch (error) {
      throw databaseError(error);
    }
  };
  return {
    write: async (chunk) => {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes >= blobBytes) await flush();
    },
    end: async () => {
      await flush();
      return rows;
    },
  };
}

function folderError(folder: string, cause: unknown): Error {
  const known = databaseError(cause);
  if (known instanceof ProjetusError && known.code !== 'unexpected') return known;
  return new ProjetusError('database-unavailable', `The embedded database in ${folder} cannot be opened: ${String(cause)}`, {
    hint: 'check that the folder is writable and its disk has room; if it is damaged, move it away, or set DATABASE_URL to a PostgreSQL server',
    cause,
  });
}
