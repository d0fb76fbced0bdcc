import type { ChalkInstance } from 'chalk';
import type { Alert, DatasetReport, ErrorReport, RunReport } from '../core/report.ts';
import { downloadLines, downloadLog } from './show-downloads.ts';
import { ddlLines, dryRunLines } from './show-dry-run.ts';
import { receiptLines } from './show-receipt.ts';
import { printable, shorten, table } from './style.ts';

export const countNames = [
  'read',
  'inserted',
  'updated',
  'unchanged',
  'restored',
  'duplicate',
  'filtered',
  'rejected',
  'vanished',
] as const;

/** The answer of `run` for people at a terminal. */
export function runSummary(report: RunReport, chalk: ChalkInstance, isVerbose: boolean): string {
  const isDryRun = report.mode === 'dry-run';
  const lines = [
    ...(isDryRun ? [chalk.yellow.bold('DRY RUN: this is what the next run would do; nothing is written'), ''] : []),
    chalk.bold(`projetus ${report.pipeline_version}`) +
      chalk.dim(`  run ${report.run_id}  business date ${report.business_date}`),
    '',
  ];
  lines.push(...downloadLines(report.downloads, report.sentinel, chalk));
  if (report.datasets.length > 0) lines.push(...datasetTable(report, chalk), '');
  lines.push(...rejectLines(report, chalk));
  lines.push(...alertLines(otherAlerts(report), chalk));
  if (isDryRun) lines.push(...dryRunLines(report, chalk));
  if (isVerbose) lines.push(...receiptLines(report, chalk));
  if (isVerbose || isDryRun) lines.push(...ddlLines(report, chalk));
  lines.push(verdict(report, chalk));
  return `${lines.join('\n')}\n`;
}

/** The answer of `run` for a log: one line per dataset, and a line for each thing to know. */
export function runLog(report: RunReport): string {
  const datasets = report.datasets.map((dataset) => {
    const counts = dataset.counts ? countNames.map((name) => `${name}=${dataset.counts![name]}`).join(' ') : '';
    return [dataset.name, dataset.status, counts, dataset.stored === null ? '' : `stored=${dataset.stored}`]
      .filter(Boolean)
      .join(' ');
  });
  const alerts = otherAlerts(report).map((alert) => `${alert.severity}: ${printable(alert.message)} [${alert.code}]`);
  return [...downloadLog(report.downloads), ...datasets, ...alerts, ''].join('\n');
}

/** What went wrong, where, and what to do next. */
export function errorText(error: ErrorReport, chalk: ChalkInstance): string {
  const hint = error.hint ? `\n  ${chalk.dim('next:')} ${printable(error.hint)}` : '';
  // A configuration may have several problems, each on a line of its own.
  const message = error.message.split('\n').map(printable).join('\n  ');
  return `${chalk.red.bold('error')} ${chalk.dim(`[${error.code}]`)} ${message}${hint}\n`;
}

function datasetTable(report: RunReport, chalk: ChalkInstance): string[] {
  const shown = countNames.filter(
    (name) =>
      ['read', 'inserted', 'updated', 'unchanged'].includes(name) || report.datasets.some((dataset) => dataset.counts?.[name]),
  );
  const head = ['dataset', 'status', ...shown, 'stored'];
  const rows = report.datasets.map((dataset) => [
    dataset.name,
    dataset.status,
    ...shown.map((name) => number(dataset.counts?.[name] ?? null)),
    number(dataset.stored),
  ]);
  const [first, ...rest] = table([head, ...rows], 2);
  return [`  ${chalk.dim(first)}`, ...rest.map((line, index) => `  ${paint(report.datasets[index]!, chalk)(line)}`)];
}

function paint(dataset: DatasetReport, chalk: ChalkInstance): (text: string) => string {
  if (dataset.error) return chalk.red;
  return dataset.status === 'unchanged' ? chalk.dim : (text) => text;
}

function number(value: number | null): string {
  return value === null ? '-' : value.toLocaleString('en-US');
}

function rejectLines(report: RunReport, chalk: ChalkInstance): string[] {
  const rejects = report.datasets.flatMap((dataset) => dataset.rejects);
  if (rejects.length === 0) return [];
  const rejected = report.datasets.reduce((sum, dataset) => sum + (dataset.counts?.rejected ?? 0), 0);
  const lines = rejects.map((reject) => {
    const place = `${printable(reject.file)}${reject.sheet === null ? '' : ` [${printable(reject.sheet)}]`}:${reject.row}`;
    const value = reject.value === null ? '' : ` ${chalk.yellow(`"${shorten(printable(reject.value), 40)}"`)}`;
    return `  ${place}${value}  ${printable(reject.message)} ${chalk.dim(`[${reject.code}]`)}`;
  });
  return [chalk.bold(`Rejected: ${rejected} rows${report.mode === 'run' ? ', kept in the table quarantine' : ''}`), ...lines, ''];
}

/** What is to be told besides the error that decided, which stands on stderr. */
function otherAlerts(report: RunReport): Alert[] {
  // The error of several guards has all of their messages.
  const isShown = ({ severity, message }: Alert) => severity === 'critical' && report.error?.message.includes(message);
  return report.alerts.filter((alert) => !isShown(alert));
}

function alertLines(alerts: readonly Alert[], chalk: ChalkInstance): string[] {
  if (alerts.length === 0) return [];
  const lines = alerts.map(({ severity, message, code }) => {
    const mark = severity === 'critical' ? chalk.red('✗') : chalk.yellow('!');
    return `  ${mark} ${printable(message)} ${chalk.dim(`[${code}]`)}`;
  });
  return [chalk.bold('Warnings'), ...lines, ''];
}

function verdict(report: RunReport, chalk: ChalkInstance): string {
  const seconds = `${(report.duration_ms / 1000).toFixed(1)} s`;
  if (report.status === 'unchanged') return chalk.green(`Unchanged: the database already holds these files (${seconds}).`);
  if (report.status === 'success') {
    const written = report.datasets.reduce(
      (sum, { counts }) => sum + (counts ? counts.inserted + counts.updated + counts.restored + counts.vanished : 0),
      0,
    );
    if (report.mode === 'dry-run') return chalk.yellow(`DRY RUN: ${number(written)} changes would be published (${seconds}).`);
    return chalk.green(`Published: ${number(written)} changes in ${seconds}.`);
  }
  if (report.mode === 'dry-run') return chalk.red(`DRY RUN: nothing would be published (${seconds}).`);
  return chalk.red(`Nothing was published (${seconds}).`);
}
