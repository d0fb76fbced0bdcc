import type { ChalkInstance } from 'chalk';
import type { LeftReject, RetryReport } from '../retry/retry-report.ts';
import { printable, shorten, table } from './style.ts';

const columns = [
  'read',
  'inserted',
  'updated',
  'restored',
  'unchanged',
  'duplicate',
  'filtered',
  'rejected',
  'superseded',
] as const;
const shownLeft = 20;

/** The answer of `quarantine retry` for people. */
export function retryText(report: RetryReport, chalk: ChalkInstance): string {
  return `${lines(report, chalk).join('\n')}\n`;
}

function lines(report: RetryReport, chalk: ChalkInstance): string[] {
  const skipped = report.skipped.map(({ dataset, reason }) => `${dataset} was not tried: ${reason}`);
  if (report.error) return [`Nothing was changed: ${printable(report.error.message)}`];
  if (report.datasets.length === 0) return [...skipped, 'There is no open reject to retry.'];
  const rows = report.datasets.map(({ name, counts }) => [name, ...columns.map((column) => String(counts[column]))]);
  const [head, ...body] = table([['dataset', 'tried', ...columns.slice(1)], ...rows], 1);
  const left = report.left.slice(0, shownLeft).map((reject) => leftLine(reject, chalk));
  // The run log keeps the first of them only.
  const open = report.datasets.reduce((sum, { counts }) => sum + counts.rejected + counts.superseded, 0);
  const more = open - left.length;
  const closed = report.datasets.reduce((sum, { counts }) => sum + counts.read - counts.rejected - counts.superseded, 0);
  return [
    chalk.dim(head),
    ...body,
    '',
    ...(left.length > 0 ? [chalk.bold('Still open'), ...left] : []),
    ...(more > 0 ? [`  … and ${more} more; --json has them all`] : []),
    ...skipped,
    `${closed} rejects closed, ${open} still open (run ${report.run_id})`,
  ];
}

function leftLine({ id, file, sheet, row, errors, newer }: LeftReject, chalk: ChalkInstance): string {
  const place = `${chalk.cyan(`#${id}`)} ${printable(file)}${sheet === null ? '' : ` [${printable(sheet)}]`}:${row}`;
  if (newer !== null) return `  ${place}  the table has a newer record, from ${printable(newer)}; --force replaces it`;
  const reasons = errors.map(({ value, message, code }) => {
    const what = value === null || value === '' ? '' : `${chalk.yellow(`"${shorten(printable(value), 40)}"`)} `;
    return `${what}${printable(message)} ${chalk.dim(`[${code}]`)}`;
  });
  return `  ${place}  ${reasons.join('; ')}`;
}
