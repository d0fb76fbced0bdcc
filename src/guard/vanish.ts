import type { Finding, Watched } from './watched.ts';

/** A file that was cut off at the end of a line looks whole, and everything behind the cut seems to have vanished. */
export function vanishGuard({ dataset, report, liveBefore, floorRows }: Watched): Finding | null {
  if (liveBefore === null || !report.counts) return null;
  const { vanished } = report.counts;
  if (vanished <= floorRows || vanished * 100 <= liveBefore * dataset.maxVanishedPercent) return null;
  const percent = ((100 * vanished) / liveBefore).toFixed(1);
  return {
    guard: 'vanish',
    message: `${dataset.name}: ${vanished} of ${liveBefore} records are no longer in the file (${percent} %); at most ${dataset.maxVanishedPercent} % may vanish in one run.`,
    facts: { vanished, live: liveBefore, limit: dataset.maxVanishedPercent },
    hint: 'check that the file is whole; max_vanished_percent sets the limit',
  };
}
