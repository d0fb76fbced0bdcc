import type { Dataset } from './core/dataset.ts';
import { ProjetusError } from './core/errors.ts';
import type { RunReport } from './core/report.ts';
import { openDatabase, type Database } from './db/open-database.ts';
import { examine } from './run/examine.ts';
import { errorReport, type Examined, type RunContext } from './run/examined.ts';
import type { Job } from './run/job.ts';
import { inOrderOfRelations, selectDatasets } from './run/order.ts';
import { publishRun, recordUnpublished } from './run/publish-run.ts';
import { beginReport, decidingError, endReport, fail } from './run/report.ts';
import { announceRun, beginLoading, holdsData, newRunId, recordEnd, recordFailure, rollBack, type RunIdentity } from './runs.ts';
import { findSources, type Sources } from './source/find-sources.ts';

/** What a long statement has after an interruption to end by itself, before the connection is cut. */
const cancelMs = 3_000;

/**
 * THE STREET. A run takes the day's files, examines each dataset to its end, and publishes all of them in one
 * transaction, or none. It never throws: what went wrong is in the report.
 */
export async function run(job: Job): Promise<RunReport> {
  const startedAt = job.clock();
  const report = beginReport(job, newRunId(startedAt, job.random), startedAt);
  try {
    const datasets = inOrderOfRelations(selectDatasets(job.config.extraction.datasets, job.datasets));
    const sources = await findSources(job.config.extraction.rawDir, job.date, job.config.extraction.datasets);
    report.unexpected_files.push(...sources.unexpected);
    await using database = await connect(job);
    await confirm(job, database);
    const identity = identify(job, report, startedAt, datasets);
    await announceRun(database, identity);
    await load({ job, database, identity, report, sources, datasets });
  } catch (error) {
    fail(report, error, job.signal);
  }
  return endReport(job, report);
}

type Load = {
  job: Job;
  database: Database;
  identity: RunIdentity;
  report: RunReport;
  sources: Sources;
  datasets: readonly Dataset[];
};

/** The run's second transaction: from the files to COMMIT. */
async function load({ job, database, identity, report, sources, datasets }: Load): Promise<void> {
  using _interruption = cutWhenAborted(job.signal, database);
  const trx = await beginLoading(database, identity);
  const { id: runId, startedAt, businessDate } = identity;
  const context: RunContext = { job, runId, startedAt, businessDate, database, trx, examined: new Map<string, Examined>() };
  try {
    for (const dataset of datasets) {
      job.signal.throwIfAborted();
      const examined = await examine(context, dataset, sources.byDataset.get(dataset.name) ?? []);
      context.examined.set(dataset.name, examined);
      if (examined.error) examined.report.error = errorReport(examined.error);
      report.datasets.push(examined.report);
    }
    const error = decidingError(context.examined.values());
    if (error) report.error = errorReport(error);
    if (error) await recordUnpublished(context);
    else report.ddl = await publishRun(context);
    job.signal.throwIfAborted();
    await recordEnd(trx, endReport(job, report));
    await trx.commit().execute();
  } catch (error) {
    await rollBack(trx);
    fail(report, error, job.signal);
    await recordFailure(database, endReport(job, report));
  }
}

function connect(job: Job): Promise<Database> {
  const { url, schema } = job.config.database;
  const { host, signal, connectRetryMs: retryMs } = job;
  return openDatabase({ url, schema, host, signal, retryMs, onRetry: (error) => job.onProgress({ phase: 'connecting', error }) });
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

/** On an interruption: stops the running statement, and cuts the connection if that does not help in time. */
function cutWhenAborted(signal: AbortSignal, database: Database): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    void database.session.cancel();
    timer = setTimeout(() => database.session.destroy(), cancelMs);
  };
  signal.addEventListener('abort', interrupt, { once: true });
  return {
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', interrupt);
      clearTimeout(timer);
    },
  };
}
