import { copyFile, link, mkdir, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileNames } from '../source/find-sources.ts';
import { checksum } from '../source/fingerprint.ts';
import { lastFetched, refetchedName, refetchNumber } from '../source/refetched.ts';
import type { Delivery } from './download.ts';
import { enter, readLedger, writeLedger } from './ledger.ts';
import { incomingFolder, type Known } from './known.ts';
import type { Order } from './orders.ts';
import { notePath } from './part.ts';
import { modifiedAt } from './validators.ts';

export type Shelf = { readonly rawDir: string; readonly day: string; readonly fetchedAt: Date; readonly signal: AbortSignal };

/** Gives a file that has come whole its name in the folder of what arrives, and its publisher's time of change. */
export async function keepIncoming(shelf: Shelf, order: Order, delivery: Delivery): Promise<Known> {
  if (!delivery.isNew) return delivery;
  const path = join(incomingFolder(shelf.rawDir), order.name);
  const moment = modifiedAt(delivery.lastModified);
  // expect.max_age_hours looks at it: a file that is fetched today is as old as its publisher says.
  if (moment && moment <= shelf.fetchedAt) await utimes(delivery.path, moment, moment);
  await rename(delivery.path, path);
  await rm(notePath(delivery.path), { force: true });
  await enterFile(shelf, dirname(path), order, order.name, delivery);
  return { ...delivery, path };
}

/**
 * Puts a version of a file into the day's folder and returns its name there. What is there already stays: other content
 * gets a name of its own (see `refetched.ts`), the same content is not kept twice.
 */
export async function shelve(shelf: Shelf, order: Order, known: Known): Promise<string> {
  const folder = join(shelf.rawDir, shelf.day);
  const { file, isThere } = await placeOf(shelf, order, known);
  if (!isThere) {
    await mkdir(folder, { recursive: true });
    await linkOrCopy(known.path, join(folder, file));
  }
  await enterFile(shelf, folder, order, file, known);
  await dropIncoming(shelf.rawDir, order);
  return file;
}

/** What a dry run will read: the file as the next run will put it into the day's folder; null when it is there already. */
export async function preview(shelf: Shelf, order: Order, known: Known): Promise<string | null> {
  const { isThere } = await placeOf(shelf, order, known);
  const path = join(incomingFolder(shelf.rawDir), order.name);
  if (isThere) return null;
  if (known.path === path) return order.name;
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await linkOrCopy(known.path, path);
  await enterFile(shelf, dirname(path), order, order.name, known);
  return order.name;
}

async function placeOf(
  { rawDir, day, signal }: Shelf,
  { name }: Order,
  known: Known,
): Promise<{ file: string; isThere: boolean }> {
  const folder = join(rawDir, day);
  const last = lastFetched(await fileNames(folder).catch((): string[] => []), name);
  if (last === null) return { file: name, isThere: false };
  const path = join(folder, last);
  if (path === known.path || (await checksum({ name: last, path }, signal)) === known.sha256)
    return { file: last, isThere: true };
  return { file: refetchedName(name, refetchNumber(last) + 1), isThere: false };
}

/** Days that have the same file share its bytes. Never overwrites. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    // Some network and FAT file systems have no links, and some allow only so many.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    await copyFile(from, `${to}.part`);
    await rename(`${to}.part`, to);
  }
}

async function enterFile({ fetchedAt }: Shelf, folder: string, order: Order, file: string, known: Known): Promise<void> {
  const { sha256, bytes, etag, lastModified } = known;
  const said = { etag, last_modified: lastModified, sha256, bytes, fetched_at: fetchedAt.toISOString() };
  await enter(folder, { file, key: order.key, url: order.shown, ...said });
}

async function dropIncoming(rawDir: string, { key }: Order): Promise<void> {
  const folder = incomingFolder(rawDir);
  const kept = await readLedger(folder);
  const own = kept.filter((entry) => entry.key === key);
  if (own.length === 0) return;
  for (const { file } of own) await rm(join(folder, file), { force: true });
  await writeLedger(
    folder,
    kept.filter((entry) => entry.key !== key),
  );
}
