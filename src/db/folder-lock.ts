import { open, readFile, rm } from 'node:fs/promises';
import { ProjetusError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';

type Holder = { pid: number; hostname: string; startedAt: string };

/**
 * Takes an embedded database's folder for one process, by a file `FOLDER.lock` beside it. PGlite has no lock of its
 * own: two processes on one folder lost committed data without an error in 3 of 3 trials.
 * A lock whose process is gone is taken over. Throws ProjetusError `locked`.
 */
export async function lockFolder(folder: string, host: Host): Promise<() => Promise<void>> {
  const path = `${folder}.lock`;
  const holder: Holder = { pid: host.pid, hostname: host.hostname, startedAt: await processStart(host.pid) };
  if (!(await create(path, holder))) {
    const other = await readHolder(path);
    if (other && (await isAlive(other, host))) {
      throw new ProjetusError(
        'locked',
        `The embedded database ${folder} is in use by process ${other.pid} on ${other.hostname}.`,
        {
          hint: `wait for it to end; if no such process exists, delete ${path}`,
          file: path,
        },
      );
    }
    await rm(path, { force: true });
    if (!(await create(path, holder))) {
      throw new ProjetusError('locked', `Another process took the embedded database ${folder} at the same moment.`, {
        hint: 'try again',
        file: path,
      });
    }
  }
  return () => rm(path, { force: true });
}

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    await using file = await open(path, 'wx');
    await file.writeFile(JSON.stringify(holder));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Null for a file that is not ours to understand: it was cut short by the crash of its writer. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

/** A process of another host cannot be looked at: it counts as alive. */
async function isAlive(holder: Holder, host: Host): Promise<boolean> {
  if (holder.hostname !== host.hostname) return true;
  // The number may have been given to another process since: then its start differs.
  return host.isAlive(holder.pid) && holder.startedAt === (await processStart(holder.pid));
}

/** The kernel's start time of a process in clock ticks since boot (field 22 of /proc/PID/stat), or '' where there is no /proc. */
async function processStart(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
