import { sql } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import type { Counts } from '../core/report.ts';
import { classify, count, type Classified } from '../load/classify.ts';
import { planDdl } from '../load/ddl.ts';
import { keyPlan } from '../load/keys.ts';
import { tableNames, type Load } from '../load/load.ts';
import { createRecords, createRefused, createStager } from '../load/stager.ts';
import { countNewRejects, firstRejects } from '../quarantine.ts';
import type { SourceFile } from '../source/find-sources.ts';
import type { HeaderMatch } from '../validate/header.ts';
import { mergeShapes } from '../validate/merge-headers.ts';
import { compareVolume } from '../volume.ts';
import { checkExpectations, decide } from './decide.ts';
import { beginExamined, type Examined, type RunContext } from './examined.ts';
import { isKnown, lastPublished, refuseOlderDate, type Published } from './known-files.ts';
import { identifySources, openSources, readSource } from './read-sources.ts';
import { measureRelations, settle } from './settle.ts';

const shownRejects = 20;

/**
 * Takes one dataset from its files to the list of changes. Nothing is published. What is wrong with its files, or
 * speaks against publishing it, becomes its `error`; what is wrong with the database is thrown.
 */
export async function examine(context: RunContext, dataset: Dataset, files: readonly SourceFile[]): Promise<Examined> {
  const examined = beginExamined(dataset);
  try {
    await examineFiles(context, examined, files);
  } catch (error) {
    if (!(error instanceof ProjetusError) || stopsTheRun(error)) throw error;
    examined.error = error;
    examined.report.status = error.code === 'source-missing' ? 'missing' : error.exitCode === 5 ? 'held' : 'failed';
  }
  return examined;
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
  const last = await lastPublished(context, dataset.name);
  refuseOlderDate(context, examined, last);
  checkExpectations(context, dataset, files);
  await identifySources(context, examined, files);
  if (await isKnown(context, examined, last)) report.status = 'unchanged';
  else await load(context, examined, last);
  await measureRelations(context, examined);
  decide(examined);
}

async function load(context: RunContext, examined: Examined, last: Published | null): Promise<void> {
  const { dataset, report } = examined;
  const merged = mergeShapes(await openSources(context, examined));
  const load = await stage(context, examined, merged.headers);
  const stager = createStager(context.database.session, load.staging, load.shape, load.key);
  try {
    for (const [index, source] of examined.sources.entries())
      await readSource(context, dataset, source, merged.headers[index]!, stager);
  } finally {
    await stager.finish();
  }
  context.job.onProgress({ phase: 'comparing', dataset: dataset.name });
  const duplicate = await settle(context, examined, load, stager);
  const classified = await classify(context.trx, load);
  examined.classified = classified;
  report.counts = await balance(context, examined, load, classified, duplicate);
  report.kept = classified.kept;
  report.rejects = await firstRejects(context.trx, load.staging.refused, sourceNames(examined), shownRejects);
  report.balanced = true;
  report.volume = compareVolume(
    dataset,
    last?.stored ?? null,
    present(report.counts),
    context.job.config.reconciliation.volumeFloorRows,
  );
  const hasChanges = report.counts.inserted + report.counts.updated + report.counts.restored + report.counts.vanished > 0;
  report.status = hasChanges || load.ddl.isNew ? 'ready' : 'unchanged';
}

/** Makes the tables that the rows are staged in. A table that does not exist yet is its own staging table. */
async function stage(context: RunContext, examined: Examined, headers: readonly HeaderMatch[]): Promise<Load> {
  const { dataset } = examined;
  const shape = headers[0]!.shape;
  const key = keyPlan(dataset, shape);
  const ddl = await planDdl(context.trx, dataset, shape, key);
  const names = tableNames(context.examined.size);
  const staging = { records: ddl.isNew ? dataset.name : names.records, refused: names.refused };
  const load: Load = { dataset, shape, key, ddl, staging, changes: names.changes };
  if (!ddl.isNew) await createRecords(context.trx, names.records, dataset, shape, key);
  for (const statement of ddl.create) await sql.raw(statement).execute(context.trx);
  await createRefused(context.trx, names.refused, key);
  examined.load = load;
  return load;
}

/** The seven counts, each from a counter or statement of its own. Throws `unbalanced` when they do not add up to what was read. */
async function balance(
  context: RunContext,
  examined: Examined,
  load: Load,
  classified: Classified,
  duplicate: number,
): Promise<Counts> {
  const refused = sql.id(load.staging.refused);
  const { inserted, updated, unchanged, restored, vanished } = classified;
  const counts: Counts = {
    read: examined.sources.reduce((sum, source) => sum + source.report.rows, 0),
    inserted,
    updated,
    unchanged,
    restored,
    duplicate,
    filtered: await count(context.trx, sql`${refused} WHERE outcome = 'filtered'`),
    rejected: await count(context.trx, sql`${refused} WHERE outcome = 'rejected'`),
    vanished,
    new_rejects: await countNewRejects(context.trx, examined.dataset, load.staging.refused),
  };
  const sum = inserted + updated + unchanged + restored + duplicate + counts.filtered + counts.rejected;
  if (sum === counts.read) return counts;
  throw new ProjetusError(
    'unbalanced',
    `${examined.dataset.name}: ${counts.read} rows were read but ${sum} are accounted for (${JSON.stringify(counts)}); nothing was published.`,
    { hint: 'this is a bug in projetus: please report it with the output of --json' },
  );
}

/** Records that the file holds. */
function present(counts: Counts): number {
  return counts.inserted + counts.updated + counts.unchanged + counts.restored;
}

function sourceNames(examined: Examined): Map<string, { file: string; sheet: string | null }> {
  return new Map(examined.sources.map((source) => [source.id, { file: source.file.name, sheet: source.report.sheet }]));
}
