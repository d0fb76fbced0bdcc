import type { ChalkInstance } from 'chalk';
import type { RunReport, SourceReport } from '../core/report.ts';
import { printable } from './style.ts';

/** How each file was read, and why. */
export function receiptLines(report: RunReport, chalk: ChalkInstance): string[] {
  return report.datasets.flatMap((dataset) => dataset.sources.flatMap((source) => receipt(dataset.name, source, chalk)));
}

function receipt(dataset: string, source: SourceReport, chalk: ChalkInstance): string[] {
  const { mapped, unknown, missing } = source.columns;
  const facts = [
    `sha256 ${source.sha256}`,
    ...source.decisions,
    ...(source.header_row === null ? ['not parsed: known from the last published run'] : []),
    ...(Object.keys(mapped).length > 0
      ? [
          `columns: ${Object.entries(mapped)
            .map(([column, header]) => `${column} = ${header}`)
            .join(', ')}`,
        ]
      : []),
    ...(unknown.length > 0 ? [`columns not declared: ${unknown.join(', ')}`] : []),
    ...(missing.length > 0 ? [`declared and not in the file: ${missing.join(', ')}`] : []),
    ...source.control_totals.map(
      ({ column, file, computed, match }) =>
        `totals row: ${column} ${file}, ${match ? 'which is the sum of the rows' : `but the rows sum to ${computed}`}`,
    ),
    `${source.rows} rows, ${source.blank_rows} blank, ${source.footer_rows} in the footer`,
  ];
  return [chalk.bold(`${dataset}: ${printable(source.file)}`), ...facts.map((fact) => `  ${printable(fact)}`), ''];
}
