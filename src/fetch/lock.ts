import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProjetusError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';

type Holder = { readonly pid: number; readonly hostname: string };

/** How often the holder says that it is alive, and after how much silence it is not. */
const beatMs = 20_000;
const silenceMs = 120_000;

/**
 * One process at a time fetches into a folder of raw files: two would write into one file. A holder that was killed is
 * noticed by its silence, on whatever machine it was. Throws ProjetusError `locked`.
 */
export async function lockRawFiles(rawDir: string, host: Host): Promise<AsyncDisposable> {
  const path = join(rawDir, '.fetching');
  const holder = JSON.stringify({ pid: host.pid, hostname: host.hostname } satisfies Holder);
  if (!(await create(path, holder))) {
    await takeFromDead(path, host);
    if (!(await create(path, holder))) throw locked(path, null);
  }
  const beat = setInterval(() => void touch(path), beatMs);
  beat.unref();
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(beat);
      await rm(path, { force: true });
    },
  };
}

async function create(path: string, holder: string): Promise<boolean> {
  try {
    await writeFile(path, holder, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Of several that find the same dead lock, one can rename it. */
async function takeFromDead(path: string, host: Host): Promise<void> {
  const holder = await readHolder(path);
  if (!(await isDead(path, holder, host))) throw locked(path, holder);
  const dead = `${path}.${randomUUID()}`;
  try {
    await rename(path, dead);
  } catch {
    throw locked(path, holder);
  }
  await rm(dead, { force: true });
}

/** The age is taken by the clock of the file system, from a file that is made now. */
async function isDead(path: string, holder: Holder | null, host: Host): Promise<boolean> {
  if (holder?.hostname === host.hostname && !host.isAlive(holder.pid)) return true;
  const probe = `${path}.${randomUUID()}`;
  await writeFile(probe, '');
  const [now, last] = await Promise.all([stat(probe), stat(path).catch(() => null)]);
  await rm(probe, { force: true });
  return last !== null && now.mtimeMs - last.mtimeMs > silenceMs;
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

async function touch(path: string): Promise<void> {
  const probe = `${path}.${randomUUID()}`;
  try {
    await writeFile(probe, '');
    const { mtime } = await stat(probe);
    await utimes(path, mtime, mtime);
  } catch {
    // Who cannot beat is taken for dead in time, which is what it would be on a disk that is gone.
  } finally {
    await rm(probe, { force: true });
  }
}

function locked(path: string, holder: Holder | null): ProjetusError {
  const who = holder ? `process ${holder.pid} on ${holder.hostname}` : 'another process';
  return new ProjetusError('locked', `Files are being fetched into this folder by ${who}.`, {
    hint: 'wait for it to end; after a crash it is free again within two minutes',
    file: path,
  });
}
