import { sql } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import type { Counts, DatasetReport } from '../core/report.ts';
import { classify } from '../load/classify.ts';
import { planDdl } from '../load/ddl.ts';
import { setDistribution } from '../load/distribution.ts';
import { keyPlan } from '../load/keys.ts';
import { tableNames, type Load } from '../load/load.ts';
import { sampleChanges } from '../load/samples.ts';
import { createRecords, createRefused, spreadRefusedKeys } from '../load/stager.ts';
import { renewStatistics } from '../load/statistics.ts';
import { firstRejects } from '../quarantine/keep.ts';
import { recallRetriedKeys } from '../quarantine/retried-keys.ts';
import type { SourceFile } from '../source/find-sources.ts';
import type { HeaderMatch } from '../validate/header.ts';
import { compareVolume } from '../guard/volume.ts';
import { mergeShapes } from '../validate/merge-headers.ts';
import { balance } from './balance.ts';
import { checkExpectations, decide } from './decide.ts';
import { beginExamined, type Examined, type ReadingContext, type RunContext } from './examined.ts';
import { headerDrift } from './header-drift.ts';
import { lastMeasured, pastVolumes } from './history.ts';
import { isKnown, lastPublished, present, refuseOlderDate, type Published } from './known-files.ts';
import { lineReadingOf, readFiles } from './read-files.ts';
import { identifySources, openSources } from './read-sources.ts';
import { measureRelations, sourceNames } from './relations.ts';
import { settle } from './settle.ts';

const shownRejects = 20;

/**
 * Takes one dataset from its files to the list of changes. Nothing is published. What is wrong with its files, or
 * speaks against publishing it, becomes its `error`; what is wrong with the database is thrown. `unfetched` is why
 * today's file is not there: files of an earlier fetch would be read as if they were the newest.
 */
export async function examine(
  context: RunContext,
  dataset: Dataset,
  files: readonly SourceFile[],
  unfetched?: ProjetusError,
): Promise<Examined> {
  const examined = beginExamined(dataset);
  if (unfetched) return { ...examined, ...unfetchedOutcome(examined, unfetched) };
  try {
    await examineFiles(context, examined, files);
  } catch (error) {
    if (!(error instanceof ProjetusError) || stopsTheRun(error)) throw error;
    examined.error = error;
    examined.report.status = error.code === 'source-missing' ? 'missing' : error.exitCode === 5 ? 'held' : 'failed';
  }
  return examined;
}

/** That the publisher has no file is what an optional dataset forgives. */
function unfetchedOutcome({ dataset, report }: Examined, unfetched: ProjetusError): Pick<Examined, 'report' | 'error'> {
  const isForgiven = unfetched.code === 'download-missing' && !dataset.expect.required;
  report.status = isForgiven ? 'missing' : 'failed';
  return { report, error: isForgiven ? null : unfetched };
}

/** After an error of the database the transaction is of no more use. */
function stopsTheRun(error: ProjetusError): boolean {
  return [1, 75, 130, 143].includes(error.exitCode) || error.code === 'permission-missing';
}

async function examineFiles(context: RunContext, examined: Examined, files: readonly SourceFile[]): Promise<void> {
  const { dataset, report } = examined;
  if (files.length === 0) {
    if (!dataset.expect.required) return void (report.status = 'missing');
    throw new ProjetusError('source-missing', `No file matches the dataset ${dataset.name}.`, {
      hint: `put it into the folder of raw files, or correct its "match"; expect: { required: false } forgives its absence`,
    });
  }
  await setDistribution(context.trx, dataset);
  const last = await lastPublished(context, dataset.name);
  refuseOlderDate(context, examined, last);
  checkExpectations(context, dataset, files);
  await identifySources(context, examined, files);
  const measured = await lastMeasured(context, dataset.name);
  if (await isKnown(context, examined, last)) report.status = 'unchanged';
  else await load(context, examined, last, measured);
  await measureRelations(context, examined);
  await decide(context, examined, measured);
}

async function load(
  context: RunContext,
  examined: Examined,
  last: Published | null,
  measured: DatasetReport | null,
): Promise<void> {
  const { dataset, report } = examined;
  const merged = mergeShapes(await openSources(context, examined));
  report.header_drift = headerDrift(measured, report);
  await stage(context, examined, merged.headers);
  examined.lineReading = lineReadingOf(examined, merged.headers, last);
  const { load, stager, profile, ...before } = await readFiles(context, examined, merged.headers, last, measured);
  examined.load = load;
  report.profile = profile;
  context.job.onProgress({ phase: 'comparing', dataset: dataset.name });
  const duplicate = await settle(context, examined, load, stager);
  if (!load.ddl.isNew) await recallRetriedKeys(context.trx, dataset, load.staging.refused, load.key.column);
  await spreadRefusedKeys(context.trx, load);
  const classified = await classify(context.trx, load, before);
  examined.classified = classified;
  report.counts = await balance(context, examined, load, classified, duplicate);
  report.kept = classified.kept;
  report.samples = await sampleChanges(context.trx, load);
  report.rejects = await firstRejects(context.trx, load.staging.refused, sourceNames(examined), shownRejects);
  report.balanced = true;
  report.volume = compareVolume({
    dataset,
    // Not what is stored: a delta holds less than the table, and so does a file with rejected rows.
    previous: last ? present(last.counts) : null,
    current: present(report.counts),
    floorRows: context.job.config.reconciliation.volumeFloorRows,
    history: await pastVolumes(context, dataset.name),
    businessDate: context.businessDate,
  });
  report.status = willWrite(report.counts, load) ? 'ready' : 'unchanged';
}

/** Unchanged means that neither the table nor its lineage nor the quarantine gets anything. */
function willWrite({ inserted, updated, restored, vanished, new_rejects = 0 }: Counts, { ddl }: Load): boolean {
  return inserted + updated + restored + vanished + new_rejects + ddl.create.length + ddl.publish.length > 0;
}

/** Makes the tables that the rows are staged in. A table that does not exist yet is its own staging table. */
export async function stage(context: ReadingContext, examined: Examined, headers: readonly HeaderMatch[]): Promise<Load> {
  const { dataset } = examined;
  const shape = headers[0]!.shape;
  const key = keyPlan(dataset);
  const ddl = await planDdl(context.trx, dataset, shape, key);
  const { records, refused, repeated, refusedKeys, changes } = tableNames(examined.sources[0]!.id, dataset);
  const staging = { records: ddl.isNew ? dataset.name : records, refused };
  const load: Load = { dataset, shape, key, ddl, staging, repeated, refusedKeys, changes, unmet: null };
  if (!ddl.isNew) {
    await renewStatistics(context.trx, dataset);
    await createRecords(context.trx, records, dataset, shape, key);
  }
  for (const statement of ddl.create) await sql.raw(statement).execute(context.trx);
  await createRefused(context.trx, refused, key);
  examined.load = load;
  return load;
}
