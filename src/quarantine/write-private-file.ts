import { randomUUID } from 'node:crypto';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ProjetusError } from '../core/errors.ts';

/** Only for its owner: an export is the one place where personal data leaves the database. */
const ownerOnly = 0o600;

/**
 * Writes a file beside its place and moves it there when it is whole. Throws `usage` for a file that is there already,
 * and for a folder that cannot be written; the errors of the chunks and of a full disk go through.
 */
export async function writePrivateFile(path: string, mayOverwrite: boolean, chunks: AsyncIterable<Buffer>): Promise<void> {
  if (!mayOverwrite && (await isThere(path))) throw overwriting(path);
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.part`);
  try {
    await using file = await open(draft, 'wx', ownerOnly).catch((error: unknown) => {
      throw unwritable(path, error);
    });
    for await (const chunk of chunks) await file.writeFile(chunk);
    await file.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await moveInto(draft, path, mayOverwrite);
}

async function moveInto(draft: string, path: string, mayOverwrite: boolean): Promise<void> {
  try {
    if (mayOverwrite) return await rename(draft, path);
    // A link fails where a file came to be meanwhile; rename would replace it. FAT has no links.
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(error.code ?? '')) throw error;
      return rename(draft, path);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw overwriting(path);
    throw unwritable(path, error);
  } finally {
    await rm(draft, { force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function overwriting(path: string): ProjetusError {
  return new ProjetusError('usage', `${path} exists already; it was not touched.`, {
    hint: 'choose another name, or add --force to replace it',
    file: path,
  });
}

function unwritable(path: string, cause: unknown): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return cause;
  return new ProjetusError('usage', `${path} cannot be written: ${message}`, {
    hint: 'check that its folder is there and may be written',
    file: path,
    cause,
  });
}
