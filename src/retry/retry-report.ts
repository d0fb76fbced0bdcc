import type { Config } from '../config/config.ts';
import { dayIn } from '../core/business-date.ts';
import type { Dataset } from '../core/dataset.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import type { RowError } from '../core/record.ts';
import type { ErrorReport } from '../core/report.ts';
import { maskErrors } from '../quarantine/mask.ts';
import { errorReport } from '../run/examined.ts';
import { asProjetusError } from '../run/report.ts';
import type { RetryCounts } from './outcomes.ts';

/** `quarantine retry --json`, and `runs.report` of a retry. Only ever extended. */
export type RetryReport = {
  schema: 'projetus.quarantine-retry/1';
  /** Null when there was nothing to try. */
  run_id: string | null;
  mode: 'retry';
  status: 'success' | 'unchanged' | 'failed';
  exit_code: ExitCode;
  business_date: string;
  started_at: string;
  finished_at: string;
  duration_ms: number;
  pipeline_version: string;
  config_hash: string;
  /** The corrected file. */
  from: { file: string; sha256: string } | null;
  datasets: RetriedDatasetReport[];
  /** Rejects that stay open, and why. */
  left: LeftReject[];
  /** Datasets whose rejects were not tried, and why. */
  skipped: { dataset: string; reason: string }[];
  ddl: string[];
  error: ErrorReport | null;
};

export type RetriedDatasetReport = {
  name: string;
  table: string;
  status: 'loaded' | 'unchanged';
  counts: RetryCounts;
  /** Rows of the table that are not marked vanished. */
  stored: number;
};

export type LeftReject = {
  id: string;
  dataset: string;
  outcome: 'rejected' | 'superseded';
  /** Where the row that was tried stands: in the file of then, or in the corrected one. */
  file: string;
  sheet: string | null;
  row: number;
  errors: RowError[];
  /** Of a superseded one: where the newer record comes from. */
  newer: string | null;
};

/** How many of them the run log keeps; the quarantine has them all. */
const loggedLeft = 20;

/** What a retry begins with: that nothing was there to be tried. */
export function beginRetry(
  { config, pipelineVersion }: { readonly config: Config; readonly pipelineVersion: string },
  startedAt: Date,
): RetryReport {
  return {
    schema: 'projetus.quarantine-retry/1',
    run_id: null,
    mode: 'retry',
    status: 'unchanged',
    exit_code: exitCodes.done,
    business_date: dayIn(config.extraction.timezone, startedAt),
    started_at: startedAt.toISOString(),
    finished_at: startedAt.toISOString(),
    duration_ms: 0,
    pipeline_version: pipelineVersion,
    config_hash: config.hash,
    from: null,
    datasets: [],
    left: [],
    skipped: [],
    ddl: [],
    error: null,
  };
}

export function endRetry(report: RetryReport, status: RetryReport['status'], finishedAt: Date): RetryReport {
  report.status = status;
  report.finished_at = finishedAt.toISOString();
  report.duration_ms = finishedAt.getTime() - Date.parse(report.started_at);
  return report;
}

/** Nothing was changed: what had been found out is not so. */
export function failRetry(report: RetryReport, thrown: unknown, finishedAt: Date): RetryReport {
  const error = asProjetusError(thrown);
  Object.assign(report, { exit_code: error.exitCode, error: errorReport(error), datasets: [], left: [], ddl: [] });
  return endRetry(report, 'failed', finishedAt);
}

/** Without personal data. */
export function maskLeft(left: readonly LeftReject[], datasets: readonly Dataset[]): LeftReject[] {
  const declared = new Map(datasets.map((dataset) => [dataset.name, dataset]));
  return left.map((reject) => ({ ...reject, errors: maskErrors(reject.errors, declared.get(reject.dataset)) }));
}

export function loggedRetry(report: RetryReport): RetryReport {
  return { ...report, left: report.left.slice(0, loggedLeft) };
}
