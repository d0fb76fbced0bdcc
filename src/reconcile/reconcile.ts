import type { Config } from '../config/config.ts';
import type { Dataset } from '../core/dataset.ts';
import type { Host } from '../core/host.ts';
import type { Alert } from '../core/report.ts';
import { cutWhenAborted } from '../db/interruption.ts';
import { openDatabase, type Database } from '../db/open-database.ts';
import { refuseSpread } from '../load/distribution.ts';
import { findRun } from '../run-log.ts';
import { beginExamined, type ReadingContext } from '../run/examined.ts';
import type { Job } from '../run/job.ts';
import { inOrderOfRelations, selectDatasets } from '../run/order.ts';
import type { Loading } from '../runs.ts';
import type { Audited } from './audited.ts';
import { compare } from './compare.ts';
import { createOutcomes } from './outcomes.ts';
import { findPublished, isInRun } from './published.ts';
import { findFiles, readAgain } from './read-again.ts';
import { lastMismatched, rememberAudits } from './remember.ts';
import { emptyAudit, type AuditLevel, type DatasetAudit, type ReconcileReport } from './report.ts';
import { inSnapshot, readOnly } from './snapshot.ts';
import type { Network } from '../net/http.ts';
import { speakOfAudit } from '../tell/speak-of-audit.ts';

/** What was asked for, and what the world is. */
export type ReconcileJob = {
  readonly config: Config;
  /** Names of the datasets; empty: all. */
  readonly datasets: readonly string[];
  /** The id of a run, or its beginning; null: the last published run of each dataset. */
  readonly run: string | null;
  readonly level: AuditLevel;
  readonly pipelineVersion: string;
  readonly clock: () => Date;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly connectRetryMs: number;
  readonly network: Network;
  readonly onProgress: Job['onProgress'];
};

/**
 * Audits what was published: the files of a run against the tables as they are now, in one snapshot of the database.
 * What explains a difference (rejects, later runs, …) is counted apart. Nothing is changed but the log of audits.
 */
export async function reconcile(job: ReconcileJob): Promise<ReconcileReport> {
  const startedAt = job.clock();
  refuseSpread(job.config.extraction.datasets, 'reconcile');
  const datasets = inOrderOfRelations(selectDatasets(job.config.extraction.datasets, job.datasets));
  await using database = await openDatabase({
    ...job.config.database,
    host: job.host,
    signal: job.signal,
    retryMs: job.connectRetryMs,
    onRetry: (error) => job.onProgress({ phase: 'connecting', error }),
  });
  using _interruption = cutWhenAborted(job.signal, database.session);
  const found = await inSnapshot(database, (trx) => audit({ job, database, trx, startedAt, examined: new Map() }, datasets));
  const audits = found?.audits ?? datasets.map(({ name }) => neverPublished(name));
  const refusal = await rememberAudits(database, audits);
  const alerts = job.config.reconciliation.alertOnMismatch ? audits.flatMap(alertOf) : [];
  // What an older run looked like says nothing of today's difference.
  const current = job.run === null ? audits : [];
  const matching = current.filter(({ status, match }) => status === 'audited' && match).map(({ name }) => name);
  job.onProgress({
    phase: 'speaking',
    told: await speakOfAudit(job, { alerts, matching, level: job.level }, database),
    problems: [],
  });
  return {
    schema: 'projetus.reconcile/1',
    match: audits.every(({ match }) => match),
    level: job.level,
    run_id: found?.runId ?? null,
    checked_at: startedAt.toISOString(),
    pipeline_version: job.pipelineVersion,
    datasets: inOrderOf(job.config.extraction.datasets, audits),
    alerts,
    notes: refusal === null ? [] : [`this audit could not be stored, so that the next one cannot confirm it: ${refusal}`],
  };
}

type AuditContext = ReadingContext & { readonly job: ReconcileJob; readonly trx: Loading; readonly database: Database };

async function audit(
  context: AuditContext,
  datasets: readonly Dataset[],
): Promise<{ runId: string | null; audits: DatasetAudit[] }> {
  const { job, trx } = context;
  const runId = job.run === null ? null : (await findRun(trx, job.run)).id;
  const all: Audited[] = [];
  for (const [index, dataset] of datasets.entries()) {
    job.signal.throwIfAborted();
    const audited = await begin(context, dataset, runId);
    all.push(audited);
    if (audited.published) await prepare(context, audited, index);
  }
  await readOnly(trx);
  for (const audited of all.filter(({ published }) => published !== null)) {
    job.signal.throwIfAborted();
    job.onProgress({ phase: 'comparing', dataset: audited.dataset.name });
    await compare(trx, audited, job.level, job.config.extraction.datasets);
    const { report } = audited;
    report.confirmed = !report.match && (await lastMismatched(trx, report.name, report.level!));
  }
  return { runId, audits: all.map(({ report }) => report) };
}

async function begin({ trx }: AuditContext, dataset: Dataset, runId: string | null): Promise<Audited> {
  const { name } = dataset;
  const { readingHash } = beginExamined(dataset);
  const nothing = { dataset, readingHash, published: null, restaged: null, outcomes: null };
  if (runId !== null && !(await isInRun(trx, name, runId))) {
    const isKnown = (await findPublished(trx, name, null)) !== null;
    return { ...nothing, report: isKnown ? notInRun(name, runId) : neverPublished(name) };
  }
  const published = await findPublished(trx, name, runId);
  if (!published) return { ...nothing, report: neverPublished(name) };
  const report: DatasetAudit = { ...emptyAudit(name), run_id: published.runId };
  if (runId !== null && runId !== published.runId) {
    report.notes.push(`run ${runId} found the files unchanged: what was compared is run ${published.runId}, which read them`);
  }
  return { ...nothing, published, report };
}

/** What has to be there before the transaction is read-only. */
async function prepare(context: AuditContext, audited: Audited, index: number): Promise<void> {
  const { job, trx } = context;
  if (job.level === 'counts') {
    await findFiles(context, audited, false);
    return;
  }
  await readAgain(context, audited);
  if (!audited.restaged && job.level === 'keys') return;
  const sourceIds = audited.published!.sources.map(({ id }) => id);
  audited.outcomes = await createOutcomes(trx, audited.dataset, index, sourceIds);
}

function neverPublished(name: string): DatasetAudit {
  return { ...emptyAudit(name), status: 'never-published', notes: [`${name} was never published`] };
}

function notInRun(name: string, runId: string): DatasetAudit {
  return { ...emptyAudit(name), status: 'not-in-run', notes: [`run ${runId} did not publish ${name}`] };
}

function inOrderOf(datasets: readonly Dataset[], audits: readonly DatasetAudit[]): DatasetAudit[] {
  return datasets.flatMap(({ name }) => audits.find((audit) => audit.name === name) ?? []);
}

function alertOf(audit: DatasetAudit): Alert[] {
  if (!audit.confirmed) return [];
  const { name, missing_in_db: missing, extra_in_db: extra, different } = audit;
  const message = `${name}: two audits in a row found a difference (${missing} rows missing, ${extra} extra, ${different} different)`;
  const facts = { level: audit.level, missing, extra, different, summary: audit.problems.join('; ') };
  return [{ severity: 'critical', code: 'reconcile-mismatch', dataset: name, subject: null, message, facts }];
}
