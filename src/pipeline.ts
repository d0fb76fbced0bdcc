import { commit } from './commit.ts';
import type { Dataset } from './core/dataset.ts';
import { ProjetusError } from './core/errors.ts';
import type { RunReport } from './core/report.ts';
import { cutWhenAborted } from './db/interruption.ts';
import { openDatabase, type Database } from './db/open-database.ts';
import { examine } from './run/examine.ts';
import { errorReport, type Examined, type RunContext } from './run/examined.ts';
import { fetchDay } from './run/fetch-day.ts';
import { findDay } from './run/find-day.ts';
import { pruneOnceAMonth } from './retention/prune.ts';
import { pruneJob } from './retention/prune-job.ts';
import { removeOldRawFiles } from './retention/raw-files.ts';
import type { Job } from './run/job.ts';
import { isLate } from './run/late.ts';
import { missedRuns } from './run/missed.ts';
import { inOrderOfRelations, selectDatasets } from './run/order.ts';
import { publishRun, recordUnpublished } from './run/publish-run.ts';
import { beginReport, decidingError, endReport, fail } from './run/report.ts';
import {
  announceRun,
  beginLoading,
  beginRehearsal,
  findDead,
  holdsData,
  newRunId,
  recordEnd,
  recordFailure,
  rollBack,
  type RunIdentity,
} from './runs.ts';
import { speakOfEnd, speakOfStart } from './tell/speak.ts';

/**
 * THE STREET. A run takes the day's files, examines each dataset to its end, and publishes all of them in one
 * transaction, or none. It never throws: what went wrong is in the report.
 */
export async function run(job: Job): Promise<RunReport> {
  const startedAt = job.clock();
  const report = beginReport(job, newRunId(startedAt, job.random), startedAt);
  try {
    const datasets = inOrderOfRelations(selectDatasets(job.config.extraction.datasets, job.datasets));
    await using database = await connect(job);
    await attempt({ job, database, report, datasets, identity: identify(job, report, startedAt, datasets) });
    return await end(job, report, database);
  } catch (error) {
    note(job, report, error);
    return await end(job, report, null);
  }
}

type Attempt = {
  job: Job;
  database: Database;
  identity: RunIdentity;
  report: RunReport;
  datasets: readonly Dataset[];
};

/** What is done with a database at hand. Never throws. */
async function attempt(step: Attempt): Promise<void> {
  const { job, database, identity, report } = step;
  using _interruption = cutWhenAborted(job.signal, database.session);
  try {
    job.signal.throwIfAborted();
    if (!job.isDryRun) await confirm(job, database);
    if (!job.isDryRun) report.aborted_runs = await announceRun(database, identity);
    const starting = job.isDryRun ? null : speakOfStart(job, report);
    await load(step);
    const isPublished = !job.isDryRun && report.datasets.some(({ status }) => status === 'loaded');
    if (isPublished) await pruneOnceAMonth(database, pruneJob(job));
    if (!job.isDryRun && !report.error) await removeOldRawFiles(database, job);
    if (starting) job.onProgress({ phase: 'speaking', told: [], problems: await starting });
  } catch (error) {
    note(job, report, error);
  }
}

/** The run's second transaction: from the files to COMMIT. */
async function load({ job, database, identity, report, datasets }: Attempt): Promise<void> {
  // Before a rehearsal begins: what it makes of the operational tables is locked until it ends.
  const previewed = job.isDryRun ? await fetchDay(job, datasets, identity.businessDate) : null;
  const trx = job.isDryRun ? await beginRehearsal(database, identity) : await beginLoading(database, identity);
  const { id: runId, startedAt, businessDate } = identity;
  const context: RunContext = { job, runId, startedAt, businessDate, database, trx, examined: new Map<string, Examined>() };
  try {
    if (job.isDryRun) report.aborted_runs = await findDead(trx, identity);
    report.missed_runs = await missedRuns(trx, job.config.extraction, identity);
    const fetched = previewed ?? (await fetchDay(job, datasets, businessDate));
    report.downloads.push(...fetched.downloads);
    report.sentinel = fetched.sentinel;
    const sources = await findDay(job, fetched);
    report.unexpected_files.push(...sources.unexpected);
    report.superseded_files.push(...sources.superseded);
    report.folder_date = sources.folderDate;
    report.late = await isLate(context, sources.folderDate);
    for (const dataset of datasets) {
      job.signal.throwIfAborted();
      const files = sources.byDataset.get(dataset.name) ?? [];
      const examined = await examine(context, dataset, files, fetched.failures.get(dataset.name));
      context.examined.set(dataset.name, examined);
      if (examined.error) examined.report.error = errorReport(examined.error);
      report.datasets.push(examined.report);
    }
    const error = decidingError(context.examined.values());
    if (error) report.error = errorReport(error);
    if (error) await recordUnpublished(context);
    else report.ddl = await publishRun(context);
    job.signal.throwIfAborted();
    if (job.isDryRun) return await rollBack(trx);
    await recordEnd(trx, endReport(job, report));
    await commit(trx, database, runId);
  } catch (error) {
    await rollBack(trx);
    note(job, report, error);
    if (!job.isDryRun) await recordFailure(database, endReport(job, report));
  }
}

function note(job: Job, report: RunReport, error: unknown): void {
  job.onProgress({ phase: 'failing', error });
  fail(report, error, job.signal);
}

/** The report as it stays, told to whoever should hear of it. */
async function end(job: Job, report: RunReport, database: Database | null): Promise<RunReport> {
  const ended = endReport(job, report);
  if (!job.isDryRun) job.onProgress({ phase: 'speaking', ...(await speakOfEnd(job, ended, database)) });
  return ended;
}

function connect(job: Job): Promise<Database> {
  const { url, schema } = job.config.database;
  const { host, signal, connectRetryMs: retryMs } = job;
  return openDatabase({
    url,
    schema,
    host,
    signal,
    retryMs,
    isRehearsal: job.isDryRun,
    onRetry: (error) => job.onProgress({ phase: 'connecting', error }),
  });
}

/** A real run on a terminal may be meant for another database. */
async function confirm(job: Job, database: Database): Promise<void> {
  if (!job.confirm || database.session.engine === 'pglite' || !(await holdsData(database))) return;
  if (await job.confirm('This database holds data of earlier runs. Load into it?')) return;
  throw new ProjetusError('declined', 'Nothing was done.', { hint: 'add --yes to load without the question' });
}

function identify(job: Job, report: RunReport, startedAt: Date, datasets: readonly Dataset[]): RunIdentity {
  return {
    id: report.run_id!,
    startedAt,
    businessDate: report.business_date!,
    pipelineVersion: job.pipelineVersion,
    configHash: job.config.hash,
    datasets: datasets.map((dataset) => dataset.name),
    host: job.host,
  };
}
