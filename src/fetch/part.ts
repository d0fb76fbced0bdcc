import { mkdir, open, readFile, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isHeaderText } from './ledger.ts';

/**
 * A file that is not whole yet, beside its target: `.NAME.part`. The dot hides it from who looks for the day's files.
 * `.NAME.part.json` says of which address and which version of it the bytes are; without it they are of no use.
 */
export type Part = {
  readonly path: string;
  /** Which address: see `Order`. */
  readonly key: string;
};

export type Resumption = { readonly offset: number; /** For If-Range. */ readonly validator: string };

type Note = { readonly key: string; readonly validator: string };

export function partOf(folder: string, name: string, key: string): Part {
  return { path: join(folder, `.${name}.part`), key };
}

/** From where a download can go on; null when it has to begin. */
export async function resumption({ path, key }: Part): Promise<Resumption | null> {
  const size = (await stat(path).catch(() => null))?.size ?? 0;
  const note = await readNote(path);
  return size > 0 && note?.key === key ? { offset: size, validator: note.validator } : null;
}

/** Opens it for a download that begins. With a validator, whoever comes after a crash can go on. */
export async function beginPart({ path, key }: Part, validator: string | null): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true });
  // In this order: a note must never stand beside bytes of another version.
  await rm(notePath(path), { force: true });
  const handle = await open(path, 'w');
  if (validator !== null) await writeFile(notePath(path), JSON.stringify({ key, validator } satisfies Note));
  return handle;
}

/** Opens it for a download that goes on behind what is there. */
export function resumePart({ path }: Part): Promise<FileHandle> {
  return open(path, 'a');
}

export async function discardPart({ path }: Part): Promise<void> {
  await rm(notePath(path), { force: true });
  await rm(path, { force: true });
}

export function notePath(path: string): string {
  return `${path}.json`;
}

async function readNote(path: string): Promise<Note | null> {
  try {
    const note = JSON.parse(await readFile(notePath(path), 'utf8')) as Note;
    return typeof note.validator === 'string' && isHeaderText(note.validator) ? note : null;
  } catch {
    return null;
  }
}
