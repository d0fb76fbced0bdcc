import type { ChalkInstance } from 'chalk';
import { unrestorableReasons, type UndoneDataset, type UndoReport } from '../undo/undo-report.ts';
import { changeLines } from './show-changes.ts';
import { printable } from './style.ts';

/** Rows that are printed of each list; --json has more of them. */
const printedRows = 10;

/** The answer of `runs undo` for people. */
export function undoText(report: UndoReport, chalk: ChalkInstance): string {
  const title = report.dry_run
    ? chalk.bold.yellow(`DRY RUN: the undo of run ${report.undoes} would do this`)
    : chalk.bold(`Run ${report.undoes} was undone by run ${report.run_id}`);
  const lines = report.status === 'unchanged' ? [chalk.bold(`There was nothing to undo in run ${report.undoes}.`)] : [title];
  return `${[...lines, ...report.datasets.flatMap((dataset) => datasetLines(dataset, chalk))].join('\n')}\n`;
}

function datasetLines(dataset: UndoneDataset, chalk: ChalkInstance): string[] {
  if (dataset.status === 'missing') return [`${chalk.cyan(dataset.name)}  not in that run, or its table is gone`];
  const { updated, restored, inserted, vanished } = dataset.counts;
  return [
    `${chalk.cyan(dataset.name)}  updated ${updated}  restored ${restored}  inserted ${inserted}  vanished ${vanished}  stored ${dataset.stored}`,
    ...dataset.samples.flatMap(({ operation, id, changes }) => [
      `  ${operation.padEnd(7)} ${printable(id)}`,
      ...changeLines(changes, '          '),
    ]),
    ...(dataset.rejects_gone > 0 ? [`  ${dataset.rejects_gone} rejects of that run are gone until a run finds them again`] : []),
    ...keptLines(dataset, chalk),
    ...unrestorableLines(dataset, chalk),
  ];
}

function keptLines({ kept, kept_rows }: UndoneDataset, chalk: ChalkInstance): string[] {
  if (kept === 0) return [];
  const rows = kept_rows
    .slice(0, printedRows)
    .map((row) => `    ${printable(row.id)}  ${row.operation}, changed since by run ${row.changed_by}`);
  return [`  ${chalk.yellow('!')} ${kept} records changed since stay as they are:`, ...rows, ...more(kept)];
}

function unrestorableLines({ not_restorable, not_restorable_rows }: UndoneDataset, chalk: ChalkInstance): string[] {
  if (not_restorable === 0) return [];
  const rows = not_restorable_rows
    .slice(0, printedRows)
    .map((row) => `    ${printable(row.id)}  ${row.operation}: ${unrestorableReasons[row.reason]}`);
  return [
    `  ${chalk.yellow('!')} ${not_restorable} records cannot be restored and stay as they are:`,
    ...rows,
    ...more(not_restorable),
  ];
}

function more(count: number): string[] {
  return count > printedRows ? [`    … and ${count - printedRows} more; --json lists up to 1000`] : [];
}
