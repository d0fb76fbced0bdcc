import { join } from 'node:path';
import { makeProject } from '../make/bench-project.ts';
import type { Pair } from '../measure/paired-steps.ts';
import { measureRun } from '../measure/projetus-run.ts';
import { assertSameAsReference, loadReference } from '../measure/reference.ts';
import { renewDatabase } from '../measure/server.ts';
import { startUpSeconds } from '../measure/start-up.ts';
import { pairHeader, pairRow, peakRss } from '../report/pair-rows.ts';
import { count, reportTable, seconds } from '../report/report-table.ts';
import type { SectionResult, Setting } from '../section.ts';
import { expectedCounts, firstLoad } from '../steps.ts';
import { filesOf, shapesOf, type Shape } from './shape-cases.ts';

type Measured = { readonly shape: Shape; readonly pairs: Pair[]; readonly failures: string[] };

/** First loads of other shapes than the one file of 20 columns: a whole run each, and an L of the same values. */
export async function shapes(setting: Setting): Promise<SectionResult> {
  const startUp = await startUpSeconds(setting);
  const measured: Measured[] = shapesOf(setting.rows).map((shape) => ({ shape, pairs: [], failures: [] }));
  for (let round = 0; round < setting.rounds; round++) {
    for (const { shape, pairs, failures } of measured) {
      const pair = await pairOf(setting, shape, failures);
      if (pair !== null) pairs.push(pair);
    }
  }
  return {
    title: 'First loads of other shapes',
    markdown: `L is \`psql \\copy\` of a cleaned CSV with the same values. Start-up is ${seconds(startUp)} s.\n\n${table(measured, startUp)}`,
    findings: findings(measured),
  };
}

/** Null when a run with a small heap ended badly, which is a figure too; any other bad end throws. */
async function pairOf(setting: Setting, shape: Shape, failures: string[]): Promise<Pair | null> {
  const { folder, clean } = await filesOf(shape);
  const datasets = shape.sources.map(({ dataset }) => dataset);
  const names = datasets.map(({ name }) => name);
  await using project = await makeProject(datasets);
  for (const { dataset, file } of shape.sources) await project.put(firstLoad.date, dataset.name, join(folder, file));
  await renewDatabase(setting.cluster);
  const reference = await loadReference(setting.cluster, clean, datasets[0]!.columns);
  const counts = expectedCounts(firstLoad, shape.rows / datasets.length);
  const expected = Object.fromEntries(names.map((name) => [name, counts]));
  try {
    const ours = await measureRun(setting, { project, date: firstLoad.date, nodeFlags: shape.nodeFlags, expected });
    await assertSameAsReference(setting.cluster, names);
    return { reference, ours };
  } catch (error) {
    if (shape.nodeFlags.length === 0) throw error;
    failures.push(String(error));
    return null;
  }
}

function table(measured: readonly Measured[], startUp: number): string {
  const [, ...header] = pairHeader;
  const rows = measured.map(({ shape, pairs, failures }) => {
    const [name, ...cells] = pairs.length === 0 ? failedRow(shape) : pairRow(shape.name, pairs, startUp);
    return [`${name}${failures.length === 0 ? '' : ` (${failures.length} failed)`}`, count(shape.rows), ...cells];
  });
  return reportTable(['shape', 'rows', ...header], rows);
}

function failedRow({ name }: Shape): string[] {
  return [name, ...pairHeader.slice(1).map(() => '')];
}

function findings(measured: readonly Measured[]): SectionResult['findings'] {
  const largest = (format: Shape['format']) =>
    Math.max(...measured.flatMap(({ shape, pairs }) => (shape.format === format && pairs.length > 0 ? [peakRss(pairs)] : []))) /
    1e6;
  return [
    { limit: 'smallHeap', value: measured.reduce((sum, { failures }) => sum + failures.length, 0) },
    { limit: 'shapesRss', value: largest('csv') },
    { limit: 'workbookRss', value: largest('xlsx') },
  ];
}
