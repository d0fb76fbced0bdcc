import type { ChalkInstance } from 'chalk';
import type { DatasetReport, RelationReport, RunReport } from '../core/report.ts';
import { causesText } from '../guard/relations.ts';
import { changeLines } from './show-changes.ts';
import { printable, shorten } from './style.ts';

/** What a dry run shows beside the counts: relations, volume, examples of changes, DDL, and the alerts to be sent. */
export function dryRunLines(report: RunReport, chalk: ChalkInstance): string[] {
  const alerts =
    report.alerts.length === 0 ? 'none' : report.alerts.map(({ severity, code }) => `${severity} ${code}`).join(', ');
  return [
    ...report.datasets.flatMap((dataset) => datasetLines(dataset, chalk)),
    `${chalk.bold('Alerts that would be sent:')} ${alerts}`,
    '',
  ];
}

export function ddlLines(report: RunReport, chalk: ChalkInstance): string[] {
  if (report.ddl.length === 0) return [];
  return [chalk.bold('DDL'), ...report.ddl.map((statement) => `  ${statement.replaceAll('\n', '\n  ')}`), ''];
}

function datasetLines(dataset: DatasetReport, chalk: ChalkInstance): string[] {
  const samples = dataset.samples.flatMap(({ operation, id, changes }) => [
    `  ${chalk.cyan(operation.padEnd(7))} ${printable(id)}`,
    ...changeLines(changes, '          '),
  ]);
  const lines = [...volumeLines(dataset), ...dataset.relations.flatMap((relation) => relationLines(relation, chalk)), ...samples];
  return lines.length === 0 ? [] : [chalk.bold(`${dataset.entity}: ${dataset.name}`), ...lines, ''];
}

/** The counts, and the first orphans as FILE:LINE with what they refer to and what became of it. */
function relationLines(relation: RelationReport, chalk: ChalkInstance): string[] {
  const { column, references, matched, orphans, orphan_causes, orphan_samples } = relation;
  const causes = orphans === 0 ? '' : ` (${causesText(orphan_causes)})`;
  return [
    `  ${column} refers to ${references}: ${matched} matched, ${orphans} orphans${causes}`,
    ...orphan_samples.map(({ value, file, sheet, row, cause }) => {
      const place = `${printable(file)}${sheet === null ? '' : ` [${printable(sheet)}]`}:${row}`;
      return `    ${place} ${chalk.yellow(`"${shorten(printable(value), 40)}"`)} ${cause}`;
    }),
  ];
}

function volumeLines({ volume }: DatasetReport): string[] {
  if (volume === null) return [];
  if (volume.verdict === 'first') return ['  volume: first run'];
  return [
    `  volume: ${volume.verdict}, ${volume.change_percent ?? 0} % from ${volume.previous} records (${volume.tolerance_percent} % tolerated)`,
  ];
}
