import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../version.ts';

/** The text of a file that the package ships. */
export async function packageFile(name: string): Promise<string> {
  return readFile(join(await packageRoot(), name), 'utf8');
}
