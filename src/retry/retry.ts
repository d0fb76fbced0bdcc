import { commit, reasonOf } from '../commit.ts';
import type { Config } from '../config/config.ts';
import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { cutWhenAborted } from '../db/interruption.ts';
import type { Database } from '../db/open-database.ts';
import { refuseSpread } from '../load/distribution.ts';
import { everyReject, type RejectFilter } from '../quarantine/reject-filter.ts';
import type { Examined } from '../run/examined.ts';
import { inOrderOfRelations } from '../run/order.ts';
import {
  announceRun,
  beginLoading,
  newRunId,
  recordEnd,
  recordFailure,
  rollBack,
  withOperationalTables,
  type Loading,
  type RunIdentity,
} from '../runs.ts';
import { assertUnchanged } from '../source/fingerprint.ts';
import { closeRetried, forgetReading } from './close-retried.ts';
import { openCorrectedFile, type CorrectedFile } from './corrected-file.ts';
import { leftRejects } from './left-rejects.ts';
import { listCorrections } from './list-corrections.ts';
import { logRetriedSources } from './log-sources.ts';
import { retryDataset } from './retry-dataset.ts';
import { createRetryList, listedDatasets, listOpenRejects, prepareRetryList } from './retry-list.ts';
import { beginRetry, endRetry, failRetry, loggedRetry, maskLeft, type RetryReport } from './retry-report.ts';
import { triable } from './triable.ts';

export type RetryJob = {
  readonly config: Config;
  /** Which open rejects; with `from`, the datasets that its rows may belong to. */
  readonly filter: Pick<RejectFilter, 'runs' | 'datasets' | 'codes'>;
  /** The path of an export that came back corrected. */
  readonly from: string | null;
  /** Whether rejects may replace newer records. */
  readonly force: boolean;
  readonly pipelineVersion: string;
  readonly clock: () => Date;
  readonly random: string;
  readonly host: Host;
  readonly signal: AbortSignal;
};

/**
 * Tries open rejects under today's configuration: those that pass are merged, with lineage, and closed; the others stay
 * as they are. One transaction under the locks of a run, and a row in its log. Never throws: what went wrong is in the
 * report, and nothing was changed then.
 */
export async function retry(database: Database, job: RetryJob): Promise<RetryReport> {
  const startedAt = job.clock();
  const report = beginRetry(job, startedAt);
  let isAnnounced = false;
  try {
    refuseSpread(job.config.extraction.datasets, 'quarantine retry');
    const corrected = job.from === null ? null : await openCorrectedFile(job.from, job.signal);
    if (corrected) report.from = { file: corrected.file.name, sha256: corrected.sha256 };
    const filter: RejectFilter = { ...everyReject, ...job.filter, statuses: ['open'] };
    const found = await withOperationalTables(database, (db) => triable(db, filter, job.config.extraction.datasets));
    report.skipped = found?.skipped ?? [];
    const datasets = inOrderOfRelations(found?.datasets ?? []);
    if (datasets.length === 0 && corrected) throw noRejects(corrected);
    if (datasets.length === 0) return endRetry(report, 'unchanged', job.clock());
    const identity = identify(job, startedAt, report, datasets);
    await announceRun(database, identity);
    isAnnounced = true;
    report.run_id = identity.id;
    await load({ database, job, identity, report, datasets, corrected, filter });
    return report;
  } catch (error) {
    failRetry(report, reasonOf(error, job.signal), job.clock());
    if (isAnnounced) await recordFailure(database, loggedRetry(report));
    return report;
  }
}

type Load = {
  readonly database: Database;
  readonly job: RetryJob;
  readonly identity: RunIdentity;
  readonly report: RetryReport;
  readonly datasets: readonly Dataset[];
  readonly corrected: CorrectedFile | null;
  readonly filter: RejectFilter;
};

async function load(step: Load): Promise<void> {
  const { database, job, identity, report } = step;
  using _interruption = cutWhenAborted(job.signal, database.session);
  const trx = await beginLoading(database, identity);
  try {
    await retryAll(step, trx);
    job.signal.throwIfAborted();
    report.left = maskLeft(report.left, job.config.extraction.datasets);
    endRetry(report, report.datasets.some(({ status }) => status === 'loaded') ? 'success' : 'unchanged', job.clock());
    await recordEnd(trx, loggedRetry(report));
    await commit(trx, database, identity.id);
  } catch (error) {
    await rollBack(trx);
    throw error;
  }
}

async function retryAll({ database, job, identity, report, datasets, corrected, filter }: Load, trx: Loading): Promise<void> {
  const { config } = job;
  const { startedAt, id: runId } = identity;
  await createRetryList(trx);
  const names = datasets.map((dataset) => dataset.name);
  if (corrected) await listCorrections(trx, corrected, names);
  else await listOpenRejects(trx, { ...filter, datasets: names });
  await prepareRetryList(trx);
  const pipelineVersion = config.lineage.trackPipelineVersion ? job.pipelineVersion : 'untracked';
  const examined = new Map<string, Examined>();
  const reading = { startedAt, database, trx, examined, job: { config, signal: job.signal, onProgress: () => undefined } };
  const how = { corrected, mayReplaceNewer: job.force, keepsLineage: config.lineage.enabled };
  for (const dataset of await listed(trx, datasets)) {
    job.signal.throwIfAborted();
    await logRetriedSources({ trx, runId, startedAt, pipelineVersion, corrected }, dataset);
    const { counts, stored, ddl } = await retryDataset({ ...reading, ...how }, dataset);
    const status = counts.read > counts.rejected + counts.superseded ? 'loaded' : 'unchanged';
    report.datasets.push({ name: dataset.name, table: dataset.name, status, counts, stored });
    report.ddl.push(...ddl);
    report.left.push(...(await leftRejects(trx, dataset.name, examined.get(dataset.name)!.load!.staging.refused)));
    if (status === 'loaded') await forgetReading(trx, dataset.name, stored, config.extraction.datasets);
  }
  await closeRetried(trx);
  if (corrected) await assertUnchanged(corrected.file, corrected.sha256, startedAt, job.signal);
}

/** Those of the datasets that have rejects in the list. */
async function listed(trx: Loading, datasets: readonly Dataset[]): Promise<readonly Dataset[]> {
  const names = await listedDatasets(trx);
  return datasets.filter((dataset) => names.includes(dataset.name));
}

function identify(job: RetryJob, startedAt: Date, report: RetryReport, datasets: readonly Dataset[]): RunIdentity {
  return {
    id: newRunId(startedAt, job.random),
    startedAt,
    businessDate: report.business_date,
    pipelineVersion: job.pipelineVersion,
    configHash: job.config.hash,
    datasets: datasets.map((dataset) => dataset.name),
    host: job.host,
  };
}

/** Nothing can be retried: well without a file, and a slip with one. */
function noRejects(corrected: CorrectedFile): ProjetusError {
  return new ProjetusError('usage', `${corrected.file.name} cannot be taken back: no open reject can be retried.`, {
    hint: 'projetus quarantine list --status all shows what became of them',
    file: corrected.file.name,
  });
}
