import type { VolumeBaseline, Volume } from '../core/report.ts';

/** How many records a published run had. */
export type PastVolume = {
  /** YYYY-MM-DD. */
  readonly businessDate: string;
  readonly records: number;
  /** What was said of it then; null for runs of a version that did not keep it. */
  readonly volume: Pick<Volume, 'verdict' | 'baseline'> | null;
};

/** Runs of one weekday: fewer say nothing yet, more are of another season. */
const fewestRuns = 4;
const mostRuns = 8;

/** 3 standard deviations of a normal distribution, told by the median absolute deviation, which one outlier cannot move. */
const spread = 3 * 1.4826;

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export function weekdayOf(day: string): string {
  return weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()]!;
}

/**
 * What is usual for a weekday: the median of its last runs, and a band of the tolerance or of their spread, whichever
 * is wider. Null until there are enough. `history` has the newest run first.
 */
export function baselineOf(history: readonly PastVolume[], weekday: string, tolerancePercent: number): VolumeBaseline | null {
  const records = sinceLastJump(history)
    .filter(({ businessDate }) => weekdayOf(businessDate) === weekday)
    .slice(0, mostRuns)
    .map((run) => run.records);
  if (records.length < fewestRuns) return null;
  const median = medianOf(records);
  const deviation = medianOf(records.map((value) => Math.abs(value - median)));
  const band = Math.max((median * tolerancePercent) / 100, spread * deviation);
  return { weekday, median, low: Math.max(0, Math.ceil(median - band)), high: Math.floor(median + band), runs: records.length };
}

/**
 * A jump that was published is the new normal, and was told once: without this the five weeks until the median has
 * moved would each say it again. Jumps seen without a baseline are the ups and downs of a week.
 */
function sinceLastJump(history: readonly PastVolume[]): readonly PastVolume[] {
  const jump = history.findIndex(({ volume }) => volume?.baseline && (volume.verdict === 'drop' || volume.verdict === 'rise'));
  return jump < 0 ? history : history.slice(0, jump + 1);
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
