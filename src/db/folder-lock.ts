import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
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
  if (!(await create(path, holder))) await takeOver(folder, path, holder, host);
  return () => rm(path, { force: true });
}

/**
 * Of many that find the same dead lock one may remove it: the others would remove the lock that the first has made
 * meanwhile. So they look again behind a lock of its own, which lives for milliseconds.
 */
async function takeOver(folder: string, path: string, holder: Holder, host: Host): Promise<void> {
  await refuseIfAlive(folder, path, host);
  const guard = `${path}.takeover`;
  if (!(await create(guard, holder))) throw sameMoment(folder, guard);
  try {
    await refuseIfAlive(folder, path, host);
    await rm(path, { force: true });
    if (!(await create(path, holder))) throw sameMoment(folder, guard);
  } finally {
    await rm(guard, { force: true });
  }
}

async function refuseIfAlive(folder: string, path: string, host: Host): Promise<void> {
  const other = await readHolder(path);
  if (!other || !(await isAlive(other, host))) return;
  throw new ProjetusError('locked', `The embedded database ${folder} is in use by process ${other.pid} on ${other.hostname}.`, {
    hint: `wait for it to end; if no such process exists, delete ${path}`,
    file: path,
  });
}

function sameMoment(folder: string, guard: string): ProjetusError {
  return new ProjetusError('locked', `Another process takes the embedded database ${folder} at this moment.`, {
    hint: `try again; if that does not help, delete ${guard}`,
    file: guard,
  });
}

/** Makes the file with its content in one step: whoever finds it empty would take it for one that a crash cut short. */
async function create(path: string, holder: Holder): Promise<boolean> {
  const draft = `${path}.${holder.pid}-${randomUUID()}`;
  await writeFile(draft, JSON.stringify(holder));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
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
