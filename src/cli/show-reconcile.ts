import type { ChalkInstance } from 'chalk';
import { explanations, type DatasetAudit, type Explanation, type ReconcileReport, type Sample } from '../reconcile/report.ts';
import { printable, shorten, table } from './style.ts';

/** The answer of `reconcile` for people, at a terminal or in a log. */
export function reconcileText(report: ReconcileReport, chalk: ChalkInstance, isVerbose: boolean): string {
  const lines = [
    ...auditTable(report, chalk),
    ...report.datasets.flatMap((audit) => auditLines(audit, chalk, isVerbose)),
    ...report.notes.map((note) => `  ${chalk.dim(printable(note))}`),
    verdict(report, chalk),
  ];
  return `${lines.join('\n')}\n`;
}

function auditTable({ datasets }: ReconcileReport, chalk: ChalkInstance): string[] {
  const head = ['dataset', 'level', 'run', 'read', 'expected', 'stored', 'missing', 'extra', 'different'];
  const rows = datasets.map((audit) => [
    audit.name,
    audit.level ?? '-',
    audit.run_id ?? '-',
    ...(audit.status === 'audited' ? counts(audit) : ['-', '-', '-', '-', '-', '-']),
  ]);
  const [first, ...rest] = table([head, ...rows], 3);
  return [`  ${chalk.dim(first)}`, ...rest.map((line, index) => `  ${datasets[index]!.match ? line : chalk.red(line)}`), ''];
}

function counts(audit: DatasetAudit): string[] {
  const { source_count, expected_count, db_count, missing_in_db, extra_in_db, different, level } = audit;
  const numbers = [source_count, expected_count, db_count, missing_in_db, extra_in_db].map(number);
  return [...numbers, level === 'content' || different > 0 ? number(different) : '-'];
}

function auditLines(audit: DatasetAudit, chalk: ChalkInstance, isVerbose: boolean): string[] {
  const columns = audit.columns.filter(({ match }) => !match).map(({ name, different }) => `${name} (${number(different)} rows)`);
  const reasons = Object.entries(audit.explained).map(
    ([reason, n]) => `${number(n)} explained: ${explanations[reason as Explanation]} [${reason}]`,
  );
  const lines = [
    ...audit.problems.map((problem) => `  ${chalk.red('✗')} ${printable(problem)}`),
    ...(columns.length > 0 ? [`  ${chalk.red('✗')} columns that differ: ${columns.join(', ')}`] : []),
    ...audit.samples.map((sample) => sampleLine(sample, chalk)),
    ...(isVerbose ? reasons : []).map((reason) => `  ${chalk.dim(reason)}`),
    ...audit.notes.map((note) => `  ${chalk.yellow('!')} ${printable(note)}`),
  ];
  return lines.length === 0 ? [] : [chalk.bold(audit.name), ...lines, ''];
}

function sampleLine({ kind, id, file, sheet, row, columns }: Sample, chalk: ChalkInstance): string {
  const place =
    file === null
      ? ''
      : ` ${chalk.dim(`${printable(file)}${sheet === null ? '' : ` [${printable(sheet)}]`}${row === null ? '' : `:${row}`}`)}`;
  const values = Object.entries(columns).map(
    ([name, { source, database }]) => `${name}: file ${value(source)}, table ${value(database)}`,
  );
  return `  ${kind.padEnd(9)} ${printable(id)}${place}${values.length > 0 ? `  ${values.join('; ')}` : ''}`;
}

function value(text: string | null): string {
  return text === null ? 'blank' : `"${shorten(printable(text), 40)}"`;
}

function number(n: number): string {
  return n.toLocaleString('en-US');
}

function verdict({ match, level, datasets }: ReconcileReport, chalk: ChalkInstance): string {
  const audited = datasets.filter(({ status }) => status === 'audited');
  if (audited.length === 0) return 'Nothing was published that could be audited.';
  if (match) return chalk.green(`The tables agree with what was published (level ${level}).`);
  const wrong = datasets.filter((audit) => !audit.match);
  const confirmed = wrong.filter((audit) => audit.confirmed).map(({ name }) => name);
  const again = confirmed.length > 0 ? ` The audit before found it too: ${confirmed.join(', ')}.` : '';
  return chalk.red(`Mismatch: ${wrong.map(({ name }) => name).join(', ')}.${again}`);
}
