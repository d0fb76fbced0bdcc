import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const command = promisify(execFile);

/** A small disk of its own in a folder; null where we may not mount one (not root, or a strict container). */
export async function smallDisk(folder: string, sizeMb = 100): Promise<AsyncDisposable | null> {
  await mkdir(folder, { recursive: true });
  try {
    await command('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', folder]);
  } catch {
    return null;
  }
  return { [Symbol.asyncDispose]: () => command('umount', ['-l', folder]).then(() => undefined) };
}
