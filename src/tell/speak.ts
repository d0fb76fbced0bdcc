import { openChannels } from '../alert/channels/open-channels.ts';
import { createFormat } from '../alert/format.ts';
import { textsOf } from '../alert/say.ts';
import type { DigestItem } from '../alert/channel.ts';
import type { Config } from '../config/config.ts';
import type { RunReport } from '../core/report.ts';
import type { Database } from '../db/open-database.ts';
import { emitLineage } from '../monitoring/openlineage.ts';
import { ping } from '../monitoring/ping.ts';
import type { Network } from '../net/http.ts';
import { deadlineIn, inTime } from './deadline.ts';
import { asksForNoTelling, mayEndBy } from './run-telling.ts';
import { tell, type Told } from './tell.ts';

/** What a run needs to speak. */
export type SpeakJob = {
  readonly config: Config;
  readonly pipelineVersion: string;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
  readonly host: { readonly hostname: string };
  readonly network: Network;
};

/** How it went: what was said to whom, and what could not be done. Safe lines. */
export type Spoken = { readonly told: readonly Told[]; readonly problems: readonly string[] };

const budgetMs = 25_000;
/** Who sends us SIGTERM waits for some 10 s before SIGKILL. */
const hurriedMs = 5_000;
const pingMs = 5_000;
/** The database gives each of their statements 4 s; one that hangs gives no answer at all. */
const metricsMs = 5_000;

/** Tells those who watch that a run begins. Never throws, and nobody needs to wait for it. */
export async function speakOfStart(job: SpeakJob, report: RunReport): Promise<string[]> {
  const signal = AbortSignal.timeout(pingMs);
  const { pingUrl } = job.config.monitoring;
  const [pinged, emitted] = await Promise.all([
    pingUrl === null ? null : ping(quick(job), pingUrl, { kind: 'start' }, { runId: report.run_id!, summary: null }, signal),
    emitLineage('START', report, job.config, { network: quick(job), hostname: job.host.hostname, signal }),
  ]);
  return [pinged?.reason, emitted.reason].flatMap((reason) => reason ?? []);
}

/**
 * Tells people and watchers how a run ended. Never throws, and takes 30 s at most: it changes nothing of the run.
 * `database` is null when there is none.
 */
export async function speakOfEnd(job: SpeakJob, report: RunReport, database: Database | null): Promise<Spoken> {
  const [told, ...problems] = await Promise.all([
    tellPeople(job, report, database),
    pingEnd(job, report),
    endLineage(job, report),
  ]);
  // Behind the alerts, which are in it.
  const metrics = await writeMetrics(job, database);
  return { told, problems: [...problems, metrics].flatMap((problem) => problem ?? []) };
}

async function tellPeople(job: SpeakJob, report: RunReport, database: Database | null): Promise<Told[]> {
  const { config, pipelineVersion, clock } = job;
  if (asksForNoTelling(report)) return [];
  const { alerting, extraction } = config;
  const about = { alerting, timezone: extraction.timezone, pipelineVersion, clock };
  const channels = openChannels(alerting.channels, job.network);
  return tell(
    { ...about, channels, budgetMs: job.signal.aborted ? hurriedMs : budgetMs },
    {
      alerts: report.alerts,
      extra: alerting.minSeverity === 'info' ? doneItems(job, report) : [],
      runId: report.run_id,
      businessDate: report.business_date,
      mayEnd: mayEndBy(report, extraction.datasets),
    },
    database,
  );
}

/** A normal run with its numbers, for who wants to hear of each. */
function doneItems({ config }: SpeakJob, { error, datasets, duration_ms }: RunReport): DigestItem[] {
  if (error) return [];
  const { language } = config.alerting;
  const { done } = textsOf(language).frame;
  const numbers = datasets.map(({ name, status, counts, stored }) => ({
    name,
    read: counts?.read ?? 0,
    changes: counts ? counts.inserted + counts.updated + counts.restored + counts.vanished : 0,
    stored,
    isUnchanged: status === 'unchanged',
  }));
  const text = done.text(numbers, Math.round(duration_ms / 1000), createFormat(language, config.extraction.timezone));
  return [{ severity: 'info', code: 'run-done', dataset: null, isResolved: false, title: done.title, text, next: null }];
}

async function pingEnd(job: SpeakJob, report: RunReport): Promise<string | null> {
  const { pingUrl } = job.config.monitoring;
  if (pingUrl === null) return null;
  const event = { kind: 'end', exitCode: report.exit_code } as const;
  const { run_id: runId, started_at, status } = report;
  const summary = [`${status} ${report.error?.message ?? ''}`.trim(), ...report.alerts.map(({ message }) => message)].join('\n');
  return (await ping(quick(job), pingUrl, event, { runId: runId ?? started_at, summary }, AbortSignal.timeout(pingMs))).reason;
}

async function endLineage(job: SpeakJob, report: RunReport): Promise<string | null> {
  const signal = AbortSignal.timeout(pingMs);
  const about = { network: quick(job), hostname: job.host.hostname, signal };
  return (await emitLineage(report.error ? 'FAIL' : 'COMPLETE', report, job.config, about)).reason;
}

async function writeMetrics({ config, pipelineVersion, clock }: SpeakJob, database: Database | null): Promise<string | null> {
  const { enabled, file } = config.monitoring.prometheus;
  if (!enabled || !database) return null;
  const { writeMetricsFile } = await import('../metrics/write-metrics-file.ts');
  const problem = writeMetricsFile({ database, file, pipelineVersion, now: clock() }).then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const reason = (await inTime(deadlineIn(metricsMs), problem)) ?? 'the database does not answer';
  return reason === '' ? null : `the metrics were not written: ${reason}`;
}

function quick({ network }: SpeakJob): Network {
  return { ...network, timeoutMs: pingMs };
}
