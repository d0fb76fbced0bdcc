import { realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ProjetusError } from '../core/errors.ts';

/** A file of today, on disk. */
export type SourceFile = {
  /** The name inside the folder: what reports and errors call it. */
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** The inode's time of change, which no program can set back. */
  readonly changedAtMs: number;
};

/**
 * A file of the folder as it is on disk. Links are followed within `rawDir` alone: one that leads out would load, and
 * show in the quarantine, whatever we may read. Throws `source-unsafe`, for pipes and devices too, which never end.
 */
export async function regularFile(rawDir: string, folder: string, name: string): Promise<SourceFile> {
  const path = join(folder, name);
  const [target, root] = await Promise.all([realpath(path), realpath(rawDir)]).catch((cause: NodeJS.ErrnoException) => {
    throw new ProjetusError('source-unreadable', `${name} cannot be read (${cause.code}).`, { file: name, cause });
  });
  const way = relative(root, target);
  if (way === '..' || way.startsWith(`..${sep}`)) throw unsafe(name, `is a link that leads out of ${rawDir}`);
  const found = await stat(path);
  if (!found.isFile()) throw unsafe(name, 'is no regular file');
  return { name, path, sizeBytes: found.size, modifiedAtMs: found.mtimeMs, changedAtMs: found.ctimeMs };
}

function unsafe(name: string, what: string): ProjetusError {
  return new ProjetusError('source-unsafe', `${name} ${what}.`, {
    hint: 'put the file itself into the folder, or point extraction.raw_dir at where it is',
    file: name,
  });
}
