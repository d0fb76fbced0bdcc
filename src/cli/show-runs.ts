import type { ChalkInstance } from 'chalk';
import type { RunReport } from '../core/report.ts';
import type { LoggedRun, RunsReport, StoredRun } from '../run-log.ts';
import type { RetryReport } from '../retry/retry-report.ts';
import type { UndoReport } from '../undo/undo-report.ts';
import { countNames, runSummary } from './show-run.ts';
import { retryText } from './show-retry.ts';
import { undoText } from './show-undo.ts';
import { table } from './style.ts';

/** A line for each run; counts that are 0 are left out. */
export function runsText({ runs }: RunsReport, chalk: ChalkInstance): string {
  if (runs.length === 0) return 'There are no runs yet.\n';
  const head = ['run', 'mode', 'status', 'business date', 'exit', 'datasets'];
  const [first, ...lines] = table([head, ...runs.map(cells)], head.length);
  return `${[chalk.dim(first), ...lines.map((line, index) => paint(runs[index]!, chalk)(line))].join('\n')}\n`;
}

function cells(run: LoggedRun): string[] {
  const datasets = run.datasets.map(({ name, status, counts }) =>
    [name, status, ...countTexts(counts)].filter(Boolean).join(' '),
  );
  return [run.id, run.mode, run.status, run.business_date, String(run.exit_code ?? '-'), datasets.join(', ')];
}

function countTexts(counts: LoggedRun['datasets'][number]['counts']): string[] {
  return countNames.flatMap((name) => (counts?.[name] ? `${name}=${counts[name]}` : []));
}

function paint({ status }: LoggedRun, chalk: ChalkInstance): (text: string) => string {
  if (status === 'failed' || status === 'held' || status === 'aborted') return chalk.red;
  return status === 'unchanged' ? chalk.dim : (text) => text;
}

/** The report as it is stored; what is known of a run that has none. */
export function storedDocument(run: StoredRun): object {
  const { id: run_id, status, business_date, started_at, pipeline_version, exit_code, datasets } = run;
  const known = { schema: 'projetus.run/1', run_id, business_date, started_at, exit_code, pipeline_version };
  // `aborted` and `running` are no report's status.
  if (run.report?.['schema'] !== undefined) return { ...run.report, status };
  return { ...known, ...run.report, status, dataset_names: datasets };
}

export function storedText(run: StoredRun, chalk: ChalkInstance, isVerbose: boolean): string {
  const { report } = run;
  if (report?.['schema'] === 'projetus.run/1') {
    // Runs from before there were downloads say nothing of them.
    return runSummary({ downloads: [], sentinel: null, ...report } as unknown as RunReport, chalk, isVerbose);
  }
  if (report?.['schema'] === 'projetus.undo/1') return undoText(report as unknown as UndoReport, chalk);
  if (report?.['schema'] === 'projetus.quarantine-retry/1') return retryText(report as unknown as RetryReport, chalk);
  const head = `${chalk.bold(`run ${run.id}`)}  ${run.status}  business date ${run.business_date}  started ${run.started_at.toISOString()}`;
  const rest = report === null ? 'It left no report.' : JSON.stringify(report, null, 2);
  return `${head}\n${rest}\n`;
}
