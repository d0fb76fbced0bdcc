import type { Pair } from '../measure/paired-steps.ts';
import { pairedRounds } from '../measure/paired-steps.ts';
import { startUpSeconds } from '../measure/start-up.ts';
import { pairHeader, pairRow, peakRss, ratioToReference } from '../report/pair-rows.ts';
import { count, reportTable, seconds } from '../report/report-table.ts';
import type { SectionResult, Setting } from '../section.ts';
import { firstLoad, nextDay, noChange, reexported, sameFile } from '../steps.ts';

const steps = [firstLoad, nextDay, noChange, reexported, sameFile];

/** Loads the same data with `psql \copy` (L) and with `projetus run`. Ratios travel between machines, seconds do not. */
export async function load(setting: Setting): Promise<SectionResult> {
  const startUp = await startUpSeconds(setting);
  const pairs = await pairedRounds(setting, setting.rows, steps);
  const table = reportTable(
    pairHeader,
    steps.map(({ name }, index) => pairRow(name, pairs[index]!, startUp)),
  );
  return {
    title: `Loading ${count(setting.rows)} rows x 20 columns`,
    markdown: `${explanation(startUp, setting)}\n\n${table}\n\n${noise(pairs.flat())}`,
    findings: findings(pairs, startUp, setting.isFull),
  };
}

function explanation(startUp: number, { isFull }: Setting): string {
  const judged = isFull ? '' : ' With so few rows it is taken off before the limits are judged.';
  return (
    'L is `psql \\copy` of the cleaned CSV into a table with the same types and primary key. Each run has an L of its own right before it; ' +
    `x L is the median of the ratios. Start-up, a run of the same file with 1,000 rows, is ${seconds(startUp)} s.${judged}`
  );
}

function noise(pairs: readonly Pair[]): string {
  const walls = pairs.map(({ reference }) => reference.wallSeconds);
  return `L: ${walls.length} runs, ${seconds(Math.min(...walls))} to ${seconds(Math.max(...walls))} s. All counts, and sums over the loaded tables, were as expected.`;
}

function findings(pairs: readonly (readonly Pair[])[], startUp: number, isFull: boolean): SectionResult['findings'] {
  const inL = (index: number) => ratioToReference(pairs[index]!, isFull ? 0 : startUp);
  return [
    { limit: 'firstLoad', value: inL(0) },
    { limit: 'nextDay', value: inL(1) },
    { limit: 'noChange', value: inL(2) },
    { limit: 'reexported', value: inL(3) },
    { limit: 'sameFile', value: ratioToReference(pairs[4]!, startUp) },
    { limit: 'loadRss', value: Math.max(...pairs.map(peakRss)) / 1e6 },
  ];
}
