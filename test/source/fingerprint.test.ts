import { link, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SourceFile } from '../../src/source/find-sources.ts';
import { assertUnchanged, checksum } from '../../src/source/fingerprint.ts';

const { signal } = new AbortController();
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'projetus-fingerprint-'));
  path = join(folder, 'obras.csv');
  await writeFile(path, 'id;nome\n1;ponte\n');
  // Whole seconds, so that `forge` can put them back.
  await utimes(path, new Date('2026-11-20T12:00:00Z'), new Date('2026-11-20T12:00:00Z'));
});
afterEach(() => rm(folder, { recursive: true }));

test('hashes the bytes on disk', async () => {
  expect(await checksum(await found(), signal)).toBe('8af7547b654518b86efc89e51affcff525943bfbadc3a05bd75ce065b2f50d3d');
});

describe('a file that is looked at again after it was read', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['nobody touched', async () => undefined],
    ['got a second name: its times moved, its contents did not', () => link(path, join(folder, 'link'))],
  ])('is the same when %s', async (_, touch) => {
    await expect(lookAgainAfter(touch)).resolves.toBeUndefined();
  });

  test.each<[string, () => Promise<unknown>]>([
    ['grew', () => writeFile(path, 'id;nome\n1;ponte\n2;rua\n')],
    ['was written anew with the same bytes', () => utimes(path, new Date(), new Date(0))],
    ['got other bytes of the same length, and its old time of writing back', forge],
    ['is gone', () => rm(path)],
  ])('is refused when it %s', async (_, touch) => {
    await expect(lookAgainAfter(touch)).rejects.toMatchObject({ code: 'source-changed', file: 'obras.csv' });
  });

  test('is hashed again when it was so young that its times could not have moved', async () => {
    const file = await found();
    await expect(assertUnchanged(file, 'another', new Date(file.changedAtMs + 1_900), signal)).rejects.toMatchObject({
      code: 'source-changed',
    });
  });

  test('is not hashed again when its times say enough', async () => {
    const file = await found();
    await expect(assertUnchanged(file, 'another', new Date(file.changedAtMs + 2_100), signal)).resolves.toBeUndefined();
  });
});

async function lookAgainAfter(touch: () => Promise<unknown>): Promise<void> {
  const file = await found();
  const sha256 = await checksum(file, signal);
  // The clock of a file system may stand still for 4 ms.
  await new Promise((resolve) => setTimeout(resolve, 20));
  await touch();
  return assertUnchanged(file, sha256, new Date(file.changedAtMs + 60_000), signal);
}

async function forge(): Promise<void> {
  const { atime, mtime } = await stat(path);
  await writeFile(path, 'id;nome\n1;PONTE\n');
  await utimes(path, atime, mtime);
}

async function found(): Promise<SourceFile> {
  const { size, mtimeMs, ctimeMs } = await stat(path);
  return { name: 'obras.csv', path, sizeBytes: size, modifiedAtMs: mtimeMs, changedAtMs: ctimeMs };
}
