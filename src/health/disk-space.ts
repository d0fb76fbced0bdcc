import { statfs } from 'node:fs/promises';

/** Of the file system that a folder is on; or why it cannot be asked. */
export type DiskSpace = { readonly freeBytes: number; readonly sizeBytes: number } | { readonly error: string };

/** Never throws. What only root may use does not count as free. */
export async function diskSpace(folder: string): Promise<DiskSpace> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
  } catch (error) {
    return { error: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such folder' : (error as Error).message };
  }
}
