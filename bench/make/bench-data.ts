import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { measure } from '../measure/measured-child.ts';
import type { DataKind } from './kinds.ts';

/** Git ignores it. */
export const dataFolder: string = join(import.meta.dirname, '../data');

/** An empty file beside the data, which says that all of it is there. */
export const wholeMark = 'whole';

/** The folder of data of this kind with this many rows. It is made when it is not there, in a process of its own: a workbook takes 2 GB. */
export async function benchData(kind: DataKind, rowCount: number): Promise<string> {
  const folder = join(dataFolder, `${kind}-${rowCount}`);
  const isWhole = await access(join(folder, wholeMark)).then(
    () => true,
    () => false,
  );
  if (isWhole) return folder;
  process.stderr.write(`making ${kind} of ${rowCount} rows\n`);
  await mkdir(folder, { recursive: true });
  await measure(process.execPath, [join(import.meta.dirname, 'make-data.ts'), kind, String(rowCount), folder]);
  return folder;
}
