import type { ChalkInstance } from 'chalk';
import { printable } from './style.ts';
import type { ValidatedFile, ValidateReport } from './validate-report.ts';

/** More names than these say no more on a line. */
const mostNamed = 8;

/** What the configuration declares, and how today's files fit it. Verbose: every column with its header. */
export function validText(report: ValidateReport, chalk: ChalkInstance, isVerbose: boolean): string {
  const { config, datasets, folder, unexpected_files, inert, valid } = report;
  const count = `${datasets.length} ${datasets.length === 1 ? 'dataset' : 'datasets'}`;
  const where = folder === null ? 'there is no folder of raw files to compare it with' : `today’s files are in ${folder}`;
  const lines = [
    `${valid ? chalk.green('✓') : chalk.red('✗')} ${config} is valid: ${count}; ${printable(where)}`,
    ...datasets.flatMap(({ name, columns, files }) => [
      ...(files.length === 0 ? [`  ${name}: ${columns} columns${folder === null ? '' : chalk.yellow(', no file today')}`] : []),
      ...files.flatMap((file) => fileLines(name, columns, file, chalk, isVerbose)),
    ]),
    ...unexpected_files.map((file) => `  ${chalk.yellow('!')} ${printable(file)} matches no dataset`),
    ...inert.map((key) => `  ${key} has no effect in this configuration`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function fileLines(name: string, declared: number, file: ValidatedFile, chalk: ChalkInstance, isVerbose: boolean): string[] {
  const begin = `${name}: ${printable(file.file)}`;
  if (file.error) {
    const { code, message, hint } = file.error;
    const next = hint === null ? [] : [`      ${chalk.dim('next:')} ${printable(hint)}`];
    return [`  ${chalk.red('✗')} ${begin}`, `      [${code}] ${printable(message)}`, ...next];
  }
  const { mapped, unknown, missing } = file.columns!;
  const found = `header in row ${file.header_row}, ${Object.keys(mapped).length} of ${Math.max(declared, Object.keys(mapped).length)} columns`;
  return [
    `  ${missing.length > 0 ? chalk.yellow('!') : chalk.green('✓')} ${begin}: ${found}`,
    ...(missing.length === 0 ? [] : [`      not in the file: ${named(missing)}`]),
    ...(unknown.length === 0 ? [] : [`      not in the configuration: ${named(unknown)}`]),
    ...(isVerbose ? Object.entries(mapped).map(([column, header]) => `      ${column} = ${printable(header)}`) : []),
  ];
}

function named(names: readonly string[]): string {
  const more = names.length > mostNamed ? `, and ${names.length - mostNamed} more` : '';
  return `${names.slice(0, mostNamed).map(printable).join(', ')}${more}`;
}
