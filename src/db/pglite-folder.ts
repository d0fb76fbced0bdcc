import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite, types } from '@electric-sql/pglite';

/** As pg does: a bigint is text, since it may be more than a number holds. */
const parsers = { [types.INT8]: (text: string) => text };

/**
 * Opens the database in a folder that this process has locked; where there is none yet, one is made. A file
 * `FOLDER.unfinished` stands beside it meanwhile: what a kill or a full disk left of it holds no record, and is made anew.
 */
export async function openFolder(folder: string): Promise<PGlite> {
  const mark = `${folder}.unfinished`;
  if (await exists(mark))
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
  if (await exists(join(folder, 'PG_VERSION'))) return PGlite.create({ dataDir: folder, parsers });
  await writeFile(mark, '');
  const made = await PGlite.create({ dataDir: folder, parsers, ...(await emptyDatabase()) });
  await rm(mark);
  return made;
}

/** A database that is gone when the process ends. */
export async function openInMemory(): Promise<PGlite> {
  return PGlite.create({ parsers, ...(await emptyDatabase()) });
}

/**
 * The files of an empty database, which the build packs (release/build.ts): unpacking takes 1.2 s, making them
 * 5.2. Where they are not built, PGlite makes them.
 */
async function emptyDatabase(): Promise<{ loadDataDir: Blob } | undefined> {
  try {
    const archive = await readFile(fileURLToPath(import.meta.resolve('#empty-database')));
    return { loadDataDir: new Blob([archive], { type: 'application/x-gzip' }) };
  } catch {
    return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
