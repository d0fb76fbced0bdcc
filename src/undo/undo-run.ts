import { commit, reasonOf } from '../commit.ts';
import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import type { Host } from '../core/host.ts';
import { cutWhenAborted } from '../db/interruption.ts';
import type { Database } from '../db/open-database.ts';
import { refuseSpread } from '../load/distribution.ts';
import { unknownRun, type StoredRun } from '../run-log.ts';
import {
  announceRun,
  beginLoading,
  beginRehearsal,
  newRunId,
  recordEnd,
  recordFailure,
  rollBack,
  withOperationalTables,
  type Loading,
  type RunIdentity,
} from '../runs.ts';
import { closeRejects } from './close-rejects.ts';
import { listKept, listSamples, listUnrestorable } from './list-rows.ts';
import { maskUndone } from './mask-undo.ts';
import { planUndo } from './plan.ts';
import { rememberUndone } from './published-before.ts';
import { takeBack } from './take-back.ts';
import { findTarget } from './target.ts';
import type { UndoneDataset, UndoReport } from './undo-report.ts';
import { undoneTable } from './undone-table.ts';

/** What was asked for, and what the world is. */
export type UndoJob = {
  /** The id of the run, or its beginning. */
  readonly run: string;
  readonly isDryRun: boolean;
  /** What the configuration declares today; a dataset that it lost is undone too. */
  readonly datasets: readonly Dataset[];
  readonly configHash: string;
  readonly keepsLineage: boolean;
  readonly pipelineVersion: string;
  readonly clock: () => Date;
  readonly random: string;
  readonly host: Host;
  readonly signal: AbortSignal;
  /** Asks before anything is written; null: nobody is there to be asked, or it was settled. Throws when it is declined. */
  readonly confirm: ((run: StoredRun) => Promise<void>) | null;
};

/**
 * Takes back what a run did to the tables, in one transaction, as a run of its own with lineage. What a later run changed
 * stays, and is listed. A dry run does the same and rolls back. Throws ProjetusError; nothing was changed then.
 */
export async function undoRun(database: Database, job: UndoJob): Promise<UndoReport> {
  refuseSpread(job.datasets, 'runs undo');
  const target = await withOperationalTables(database, (db) => findTarget(db, job.run));
  if (!target) throw unknownRun(job.run);
  if (!job.isDryRun) await job.confirm?.(target);
  using _interruption = cutWhenAborted(job.signal, database.session);
  const identity = identify(job, target);
  if (!job.isDryRun) await announceRun(database, identity);
  const trx = job.isDryRun ? await beginRehearsal(database, identity) : await beginLoading(database, identity);
  try {
    const report = await takeBackAll(trx, job, identity, target.id);
    job.signal.throwIfAborted();
    if (job.isDryRun) {
      await rollBack(trx);
      return report;
    }
    await recordEnd(trx, report);
    await commit(trx, database, identity.id);
    return report;
  } catch (error) {
    await rollBack(trx);
    if (!job.isDryRun) await recordFailure(database, failedEnd(job, identity, target.id, error));
    throw reasonOf(error, job.signal);
  }
}

async function takeBackAll(trx: Loading, job: UndoJob, identity: RunIdentity, id: string): Promise<UndoReport> {
  // Again, now that nobody else can undo it.
  const run = await findTarget(trx, id);
  const datasets: UndoneDataset[] = [];
  for (const [index, name] of run.datasets.entries()) {
    job.signal.throwIfAborted();
    datasets.push(maskUndone(await undoDataset(trx, job, identity, run, name, index), job.datasets));
  }
  const finishedAt = job.clock();
  const { isDryRun: dry_run, configHash: config_hash, pipelineVersion: pipeline_version } = job;
  return {
    schema: 'projetus.undo/1',
    run_id: identity.id,
    mode: 'undo',
    dry_run,
    undoes: run.id,
    status: datasets.some(({ status }) => status === 'undone') ? 'success' : 'unchanged',
    exit_code: exitCodes.done,
    business_date: identity.businessDate,
    started_at: identity.startedAt.toISOString(),
    finished_at: finishedAt.toISOString(),
    duration_ms: finishedAt.getTime() - identity.startedAt.getTime(),
    pipeline_version,
    config_hash,
    datasets,
  };
}

async function undoDataset(
  trx: Loading,
  job: UndoJob,
  identity: RunIdentity,
  run: StoredRun,
  name: string,
  index: number,
): Promise<UndoneDataset> {
  const table = await undoneTable(trx, run, name, job.datasets, index);
  if (!table) return missing(job, name);
  await planUndo(trx, table);
  // Before the undo becomes the last change itself.
  const kept = await listKept(trx, table);
  const unrestorable = await listUnrestorable(trx, table);
  const { counts, stored } = await takeBack(trx, table, {
    runId: identity.id,
    undoes: run.id,
    at: identity.startedAt,
    pipelineVersion: job.pipelineVersion,
    keepsLineage: job.keepsLineage,
  });
  const rejectsGone = await closeRejects(trx, run.id, name);
  const isUndone = Object.values(counts).some((count) => count > 0) || rejectsGone > 0;
  if (isUndone) await rememberUndone(trx, { run, undoId: identity.id, name, stored }, job.datasets);
  return {
    name,
    entity: table.entity,
    table: name,
    status: isUndone ? 'undone' : 'unchanged',
    counts,
    stored,
    rejects_gone: rejectsGone,
    kept: kept.count,
    kept_rows: kept.rows,
    not_restorable: unrestorable.count,
    not_restorable_rows: unrestorable.rows,
    samples: await listSamples(trx, table),
  };
}

/** A run that read no file of the dataset did nothing to it; nor can a table be mended that is no longer there. */
function missing(job: UndoJob, name: string): UndoneDataset {
  const entity = job.datasets.find((dataset) => dataset.name === name)?.entity ?? name;
  return {
    name,
    entity,
    table: name,
    status: 'missing',
    counts: { inserted: 0, updated: 0, restored: 0, vanished: 0 },
    stored: null,
    rejects_gone: 0,
    kept: 0,
    kept_rows: [],
    not_restorable: 0,
    not_restorable_rows: [],
    samples: [],
  };
}

function identify(job: UndoJob, target: StoredRun): RunIdentity {
  const startedAt = job.clock();
  return {
    id: newRunId(startedAt, job.random),
    startedAt,
    businessDate: target.business_date,
    pipelineVersion: job.pipelineVersion,
    configHash: job.configHash,
    datasets: target.datasets,
    host: job.host,
  };
}

function failedEnd(job: UndoJob, identity: RunIdentity, undoes: string, error: unknown) {
  const cause = reasonOf(error, job.signal);
  const exit_code = cause instanceof ProjetusError ? cause.exitCode : exitCodes.bug;
  return {
    run_id: identity.id,
    mode: 'undo',
    undoes,
    status: 'failed' as const,
    exit_code,
    finished_at: job.clock().toISOString(),
  };
}
