import type { Check, Seen } from '../check.ts';
import { bytes } from '../wording.ts';

/** A day's archives of Transferegov are 0.2 GB: below that the next download does not fit. */
const [lowBytes, fullBytes, lowPercent] = [1_000_000_000, 200_000_000, 5];

export function checkDisk({ config, disk }: Pick<Seen, 'config' | 'disk'>): Check {
  const name = 'disk';
  const folder = config.extraction.rawDir;
  if ('error' in disk) return { name, status: 'warn', message: `raw_dir ${folder} cannot be looked at: ${disk.error}` };
  const percent = (100 * disk.freeBytes) / Math.max(disk.sizeBytes, 1);
  const isFull = disk.freeBytes < fullBytes;
  const isLow = disk.freeBytes < lowBytes || percent < lowPercent;
  const free = `${bytes(disk.freeBytes)} free (${percent.toFixed(0)} %) for ${folder}`;
  if (isFull || isLow) return { name, status: isFull ? 'fail' : 'warn', message: `only ${free}: free some space` };
  return { name, status: 'ok', message: free };
}
