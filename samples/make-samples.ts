import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf, firstDay, type SampleDay } from './sample-day.ts';

/** The folder of the day that the project ships. */
export const shippedFolder: string = join(import.meta.dirname, '..', 'data', 'raw', '2026-11-20');

/** Writes the files of a day into a folder, which is made when it is not there. */
export async function writeSamples(folder: string, day: SampleDay): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of filesOf(day)) await writeFile(join(folder, name), bytes);
}

// `node samples/make-samples.ts` writes data/raw/2026-11-20 anew; imported, it writes nothing.
if (import.meta.main) await writeSamples(shippedFolder, firstDay());
