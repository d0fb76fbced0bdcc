import type { Dataset } from './core/dataset.ts';
import type { Volume } from './core/report.ts';

/** Compares the number of records with that of the run before. Small tables swing freely: below the floor nothing is an anomaly. */
export function compareVolume(dataset: Dataset, previous: number | null, current: number, floorRows: number): Volume {
  const tolerance_percent = dataset.volumeTolerancePercent;
  if (previous === null) return { previous, change_percent: null, tolerance_percent, verdict: 'first' };
  const change = current - previous;
  const change_percent = previous === 0 ? null : Math.round((10_000 * change) / previous) / 100;
  const isLarge = Math.abs(change) > floorRows && (change_percent === null || Math.abs(change_percent) > tolerance_percent);
  return { previous, change_percent, tolerance_percent, verdict: !isLarge ? 'ok' : change < 0 ? 'drop' : 'rise' };
}
