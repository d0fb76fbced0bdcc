import { errorAlert } from '../alert/make-alert.ts';
import { alertsOf } from '../alert/policy.ts';
import { reasonOf } from '../commit.ts';
import { dayIn } from '../core/business-date.ts';
import { errorCodes } from '../core/codes.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, worstExitCode } from '../core/exit-codes.ts';
import type { RunReport } from '../core/report.ts';
import { errorReport, type Examined } from './examined.ts';
import type { Job } from './job.ts';
import { maskReport } from './mask-report.ts';

export function beginReport(job: Job, runId: string, startedAt: Date): RunReport {
  return {
    ...emptyReport(job.pipelineVersion, startedAt),
    run_id: runId,
    mode: job.isDryRun ? 'dry-run' : 'run',
    business_date: job.date ?? dayIn(job.config.extraction.timezone, startedAt),
    config_hash: job.config.hash,
  };
}

function emptyReport(pipelineVersion: string, startedAt: Date): RunReport {
  return {
    schema: 'projetus.run/1',
    run_id: null,
    mode: 'run',
    status: 'failed',
    exit_code: exitCodes.bug,
    business_date: null,
    started_at: startedAt.toISOString(),
    finished_at: startedAt.toISOString(),
    duration_ms: 0,
    pipeline_version: pipelineVersion,
    config_hash: null,
    folder_date: null,
    late: false,
    downloads: [],
    sentinel: null,
    datasets: [],
    unexpected_files: [],
    superseded_files: [],
    ddl: [],
    aborted_runs: [],
    missed_runs: [],
    alerts: [],
    error: null,
  };
}

/** The report of a run that did not get as far as having a configuration. */
export function failedReport(thrown: unknown, pipelineVersion: string, moment: Date): RunReport {
  const error = asProjetusError(thrown);
  const told = errorReport(error);
  return { ...emptyReport(pipelineVersion, moment), exit_code: error.exitCode, alerts: [errorAlert(told, null)], error: told };
}

/** Notes what stopped the run. Nothing was published: what had been counted as loaded is only ready. */
export function fail(report: RunReport, thrown: unknown, signal: AbortSignal): void {
  report.error = errorReport(asProjetusError(reasonOf(thrown, signal)));
  report.ddl = [];
  for (const dataset of report.datasets) {
    if (dataset.status === 'loaded') dataset.status = 'ready';
    if (dataset.status === 'ready') dataset.stored = null;
  }
}

export function asProjetusError(thrown: unknown): ProjetusError {
  if (thrown instanceof ProjetusError) return thrown;
  const code = (thrown as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new ProjetusError('disk-full', `A disk is full: ${(thrown as Error).message}`, {
      hint: 'free some space and run again',
      cause: thrown,
    });
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ProjetusError('unexpected', message, {
    hint: 'this is a bug in projetus: please report it with the output of --verbose',
    cause: thrown,
  });
}

/** The error that stands for the run, when some dataset may not be published: the first in the order of exit codes. */
export function decidingError(examined: Iterable<Examined>): ProjetusError | null {
  const errors = [...examined].flatMap(({ error }) => error ?? []);
  const worst = worstExitCode(errors.map((error) => error.exitCode));
  return errors.find((error) => error.exitCode === worst) ?? null;
}

/** The report as it is shown and stored, at this moment. */
export function endReport(job: Job, report: RunReport): RunReport {
  const { error } = report;
  const { datasets } = job.config.extraction;
  const finishedAt = job.clock();
  const alerts = alertsOf(report, datasets);
  const isStrictlyDone = !job.strict || alerts.every(({ severity }) => severity === 'info');
  const exit_code = error ? errorCodes[error.code].exitCode : isStrictlyDone ? exitCodes.done : exitCodes.degraded;
  const isUnchanged = report.datasets.every(({ status }) => status === 'unchanged' || status === 'missing');
  const status = error ? (exit_code === exitCodes.held ? 'held' : 'failed') : isUnchanged ? 'unchanged' : 'success';
  const duration_ms = finishedAt.getTime() - Date.parse(report.started_at);
  return maskReport({ ...report, alerts, status, exit_code, finished_at: finishedAt.toISOString(), duration_ms }, datasets);
}
