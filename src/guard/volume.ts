import type { Dataset } from '../core/dataset.ts';
import type { Volume } from '../core/report.ts';
import { baselineOf, weekdayOf, type PastVolume } from './baseline.ts';
import type { VolumeFacts } from './hold-facts.ts';
import type { Finding, Watched } from './watched.ts';

export type VolumeInput = {
  readonly dataset: Pick<Dataset, 'volumeTolerancePercent'>;
  /** Records of the last published run; null: there was none. */
  readonly previous: number | null;
  readonly current: number;
  readonly floorRows: number;
  /** Earlier runs, the newest first. */
  readonly history: readonly PastVolume[];
  /** YYYY-MM-DD. */
  readonly businessDate: string;
};

/**
 * Compares the number of records with what is usual for the weekday, once there is enough history, and with the run
 * before until then: files that are small on Sundays are no anomaly on Mondays. Below the floor nothing is one.
 */
export function compareVolume({ dataset, previous, current, floorRows, history, businessDate }: VolumeInput): Volume {
  const tolerance_percent = dataset.volumeTolerancePercent;
  const common = { previous, current, tolerance_percent };
  if (previous === null) return { ...common, change_percent: null, baseline: null, verdict: 'first' };
  const change_percent = percentOf(current - previous, previous);
  const baseline = baselineOf(history, weekdayOf(businessDate), tolerance_percent);
  const expected = baseline?.median ?? previous;
  const low = Math.min(baseline?.low ?? limit(previous, -tolerance_percent), expected - floorRows);
  const high = Math.max(baseline?.high ?? limit(previous, tolerance_percent), expected + floorRows);
  const verdict = current < low ? 'drop' : current > high ? 'rise' : 'ok';
  return { ...common, change_percent, baseline, verdict };
}

function limit(rows: number, percent: number): number {
  return rows + (rows * percent) / 100;
}

/** With two decimals; null of nothing. */
function percentOf(change: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((10_000 * change) / whole) / 100;
}

export function volumeGuard({ dataset, report: { volume } }: Watched): Finding | null {
  if (!volume || dataset.onVolumeAnomaly !== 'hold' || volume.verdict === 'first' || volume.verdict === 'ok') return null;
  return {
    guard: 'volume',
    message: `${dataset.name}: ${volumeText(volumeFacts(volume))}.`,
    facts: volumeFacts(volume),
    hint: 'check that the file is whole; volume_tolerance_percent sets the limit',
  };
}

export function volumeFacts({ current, previous, change_percent, tolerance_percent, baseline }: Volume): VolumeFacts {
  return { current, previous, percent: change_percent, tolerance: tolerance_percent, baseline };
}

/** The numbers behind a verdict, in words. */
export function volumeText({ previous, current, percent, tolerance, baseline }: VolumeFacts): string {
  const change = percent === null ? '' : ` (${percent > 0 ? '+' : ''}${percent} %)`;
  const before = `${current} records after ${previous} in the run before${change}`;
  if (!baseline) return `${before}; ${tolerance} % are tolerated`;
  const { weekday, median, low, high, runs } = baseline;
  return `${before}; the last ${runs} runs on a ${weekday} had ${median}, and ${low} to ${high} are usual`;
}
