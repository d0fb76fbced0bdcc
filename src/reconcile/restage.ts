import { sql } from 'kysely';
import { createRecords, createRefused, createStager } from '../load/stager.ts';
import { countWide, renewStatistics } from '../load/statistics.ts';
import { planDdl } from '../load/ddl.ts';
import { keyPlan } from '../load/keys.ts';
import { tableNames, type Load } from '../load/load.ts';
import { tableState } from '../load/table-catalog.ts';
import { recallRetriedKeys } from '../quarantine/retried-keys.ts';
import type { Examined, ReadingContext } from '../run/examined.ts';
import { openSources, readSource } from '../run/read-sources.ts';
import { settle } from '../run/settle.ts';
import { mergeShapes } from '../validate/merge-headers.ts';

/** The files of a run, read again the way a run reads them, in temporary tables. */
export type Restaged = {
  readonly load: Load;
  /** Columns of today's configuration that the table has. */
  readonly columns: readonly string[];
  /** Those that it does not have yet. */
  readonly unstored: readonly string[];
};

/**
 * Stages the files of `examined` once more. The table is not touched. Throws what is wrong with a file, and
 * `ddl-refused` when the table is not the one that the configuration describes.
 */
export async function restage(context: ReadingContext, examined: Examined): Promise<Restaged> {
  const { dataset } = examined;
  const merged = mergeShapes(await openSources(context, examined));
  const key = keyPlan(dataset);
  const ddl = await planDdl(context.trx, dataset, merged.shape, key);
  const { records, refused, ...names } = tableNames(examined.sources[0]!.id, dataset);
  const load: Load = { dataset, shape: merged.shape, key, ddl, staging: { records, refused }, ...names, unmet: null };
  await renewStatistics(context.trx, dataset);
  await createRecords(context.trx, records, dataset, merged.shape, key);
  await createRefused(context.trx, refused, key);
  const stager = createStager(context.database.session, load.staging, load.shape, key, null);
  try {
    for (const [at, source] of examined.sources.entries()) {
      await readSource(context, dataset, source, merged.headers[at]!, stager, null);
    }
  } catch (error) {
    // What fails after an error is only its echo.
    await stager.finish().catch(() => undefined);
    throw error;
  }
  await stager.finish();
  await countWide(context.trx, load);
  examined.load = load;
  context.job.onProgress({ phase: 'comparing', dataset: dataset.name });
  await settle(context, examined, load, stager);
  if (!ddl.isNew) await recallRetriedKeys(context.trx, dataset, refused, key.column);
  await sql`ANALYZE ${sql.id(records)}`.execute(context.trx);
  return { load, ...(await storedColumns(context, load)) };
}

async function storedColumns(context: ReadingContext, load: Load): Promise<Pick<Restaged, 'columns' | 'unstored'>> {
  const state = await tableState(context.trx, load.dataset.name);
  const names = load.shape.columns.map((column) => column.name);
  return { columns: names.filter((name) => state.columns.has(name)), unstored: names.filter((name) => !state.columns.has(name)) };
}
