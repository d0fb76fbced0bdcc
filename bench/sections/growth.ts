import { pairedRounds, type Pair } from '../measure/paired-steps.ts';
import { growthPicture, type Line } from '../report/growth-picture.ts';
import { peakRss, ratioToReference } from '../report/pair-rows.ts';
import { count, median, megabytes, reportTable, seconds } from '../report/report-table.ts';
import type { SectionResult, Setting } from '../section.ts';
import { firstLoad, nextDay } from '../steps.ts';

type Size = { readonly rows: number; readonly first: readonly Pair[]; readonly next: readonly Pair[] };

const pictureName = 'growth.svg';

/** What a run costs as the data grow: a hundredth, a tenth, all and five times the rows. */
export async function growth(setting: Setting): Promise<SectionResult> {
  const sizes: Size[] = [];
  for (const rows of [setting.rows / 100, setting.rows / 10, setting.rows, setting.rows * 5]) {
    // The data are made for thousands.
    if (rows < 1000) continue;
    const [first, next] = await pairedRounds(setting, rows, [firstLoad, nextDay]);
    sizes.push({ rows, first: first!, next: next! });
  }
  return {
    title: 'Cost as the data grow',
    markdown: `Time per row is that of the whole process, start-up included, over the rows of the file.\n\n${table(sizes)}\n\n![Microseconds per row against the number of rows](${pictureName})`,
    findings: findings(sizes),
    pictures: { [pictureName]: growthPicture(linesOf(sizes)) },
  };
}

function table(sizes: readonly Size[]): string {
  const header = ['rows', 'L µs/row', 'first load s', 'µs/row', 'x L', 'RSS MB', 'next day s', 'µs/row', 'x L', 'RSS MB'];
  const rows = sizes.map((size) => [
    count(size.rows),
    microseconds(referencePerRow(size)),
    ...cellsOf(size.first, size.rows),
    ...cellsOf(size.next, size.rows),
  ]);
  return reportTable(header, rows);
}

function cellsOf(pairs: readonly Pair[], rows: number): string[] {
  return [
    seconds(wall(pairs)),
    microseconds(wall(pairs) / rows),
    ratioToReference(pairs, 0).toFixed(2),
    megabytes(peakRss(pairs)),
  ];
}

/** From the second size to the last one, since start-up is most of what the first one takes. */
function findings(sizes: readonly Size[]): SectionResult['findings'] {
  const [small, before, large] = [sizes.at(-3)!, sizes.at(-2)!, sizes.at(-1)!];
  const more = (of: 'first' | 'next') => 100 * (wall(large[of]) / large.rows / (wall(small[of]) / small.rows) - 1);
  const rss = (size: Size) => Math.max(peakRss(size.first), peakRss(size.next));
  return [
    { limit: 'growthFirst', value: more('first') },
    { limit: 'growthNext', value: more('next') },
    { limit: 'growthRss', value: (rss(large) - rss(before)) / (large.rows - before.rows) },
  ];
}

function linesOf(sizes: readonly Size[]): Line[] {
  const line = (name: string, perRow: (size: Size) => number): Line => ({
    name,
    points: sizes.map((size) => ({ rows: size.rows, microseconds: perRow(size) * 1e6 })),
  });
  return [
    line('first load', (size) => wall(size.first) / size.rows),
    line('next day, 1.5 % changed', (size) => wall(size.next) / size.rows),
    line('L (psql \\copy)', referencePerRow),
  ];
}

function referencePerRow({ first, next, rows }: Size): number {
  return median([...first, ...next].map(({ reference }) => reference.wallSeconds)) / rows;
}

function wall(pairs: readonly Pair[]): number {
  return median(pairs.map(({ ours }) => ours.wallSeconds));
}

function microseconds(secondsPerRow: number): string {
  return (secondsPerRow * 1e6).toFixed(1);
}
