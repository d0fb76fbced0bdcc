import type { Pair } from '../measure/paired-steps.ts';
import type { RunSample } from '../measure/projetus-run.ts';
import { median, megabytes, seconds } from './report-table.ts';

export const pairHeader: readonly string[] = [
  'run',
  'wall s',
  'L s',
  'x L',
  'x L without start-up',
  'client CPU s',
  'server CPU s',
  'L’s server CPU s',
  'peak RSS MB',
];

/** A line of the table: medians, and the median of the ratio within each pair. */
export function pairRow(name: string, pairs: readonly Pair[], startUp: number): string[] {
  const ours = (of: (sample: RunSample) => number | null) => middle(pairs.map((pair) => of(pair.ours)));
  return [
    name,
    seconds(ours((sample) => sample.wallSeconds)),
    seconds(middle(pairs.map(({ reference }) => reference.wallSeconds))),
    ratioToReference(pairs, 0).toFixed(2),
    ratioToReference(pairs, startUp).toFixed(2),
    seconds(ours((sample) => sample.usage.cpuSeconds)),
    seconds(ours((sample) => sample.serverCpuSeconds)),
    seconds(middle(pairs.map(({ reference }) => reference.serverCpuSeconds))),
    megabytes(peakRss(pairs)),
  ];
}

/** The median over the pairs of our wall time, `startUp` taken off, in multiples of L. */
export function ratioToReference(pairs: readonly Pair[], startUp: number): number {
  return median(pairs.map(({ ours, reference }) => (ours.wallSeconds - startUp) / reference.wallSeconds));
}

/** Bytes; the median of the rounds. */
export function peakRss(pairs: readonly Pair[]): number {
  return median(pairs.map(({ ours }) => ours.usage.peakRssBytes));
}

function middle(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : median(known);
}
