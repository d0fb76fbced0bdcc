import { stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join } from 'node:path';

/** S_IWOTH: everybody on the machine may write. A group may be one's own, as Debian gives to every user. */
export const writableByAll = 0o002;

/**
 * The configuration and its `.env`, as far as anybody on this machine may change them: who may, chooses what is loaded,
 * where to, and who is told. Windows has no such bits.
 */
export async function writableByOthers(configPath: string): Promise<readonly string[]> {
  if (platform() === 'win32') return [];
  const paths = [configPath, join(dirname(configPath), '.env')];
  const found = await Promise.all(paths.map(async (path) => ((await modeOf(path)) & writableByAll ? [path] : [])));
  return found.flat();
}

/** 0 for what cannot be looked at: whoever reads it tells. */
export async function modeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ mode }) => mode,
    () => 0,
  );
}
