import type { ChalkInstance } from 'chalk';
import type { DatasetReport, RunReport } from '../core/report.ts';
import { changeLines } from './show-changes.ts';
import { printable } from './style.ts';

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
  const relations = dataset.relations.map(
    ({ column, references, matched, orphans }) => `  ${column} refers to ${references}: ${matched} matched, ${orphans} orphans`,
  );
  const samples = dataset.samples.flatMap(({ operation, id, changes }) => [
    `  ${chalk.cyan(operation.padEnd(7))} ${printable(id)}`,
    ...changeLines(changes, '          '),
  ]);
  const lines = [...volumeLines(dataset), ...relations, ...samples];
  return lines.length === 0 ? [] : [chalk.bold(`${dataset.entity}: ${dataset.name}`), ...lines, ''];
}

function volumeLines({ volume }: DatasetReport): string[] {
  if (volume === null) return [];
  if (volume.verdict === 'first') return ['  volume: first run'];
  return [
    `  volume: ${volume.verdict}, ${volume.change_percent ?? 0} % from ${volume.previous} records (${volume.tolerance_percent} % tolerated)`,
  ];
}
