import { median } from '../report/report-table.ts';
import type { Setting } from '../section.ts';
import { firstLoad, nextDay, sameFile } from '../steps.ts';
import { pairedSteps } from './paired-steps.ts';

const fewRows = 1_000;

/** Seconds that a run takes whatever the amount of data: the same file again, with 1,000 rows in it. */
export async function startUpSeconds(setting: Setting): Promise<number> {
  const again = ['2026-01-03', '2026-01-04', '2026-01-05'].map((date) => ({
    ...sameFile,
    date,
    data: nextDay.data,
    file: nextDay.file,
  }));
  const pairs = await pairedSteps(setting, fewRows, [firstLoad, nextDay, ...again]);
  return median(pairs.slice(2).map(({ ours }) => ours.wallSeconds));
}
