import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { classify } from '../load/classify.ts';
import { publish } from '../load/publish.ts';
import { countWide } from '../load/statistics.ts';
import { createStager, type Stager } from '../load/stager.ts';
import { beginExamined, type ReadingContext } from '../run/examined.ts';
import { stage } from '../run/examine.ts';
import { settle } from '../run/settle.ts';
import { mergeShapes } from '../validate/merge-headers.ts';
import type { HeaderMatch } from '../validate/header.ts';
import { createValidator } from '../validate/validator.ts';
import { sql } from 'kysely';
import { numberContents } from './content-keys.ts';
import type { CorrectedFile } from './corrected-file.ts';
import { countOutcomes, noteChanges, noteKeys, noteRefused, type RetryCounts } from './outcomes.ts';
import { retryParts, sourcesOf, type RetryPart } from './retry-parts.ts';
import { setSupersededAside } from './superseded.ts';

export type RetryContext = ReadingContext & {
  readonly corrected: CorrectedFile | null;
  /** Whether rejects may replace records that are newer than they are. */
  readonly mayReplaceNewer: boolean;
  readonly keepsLineage: boolean;
};

export type RetriedDataset = { readonly counts: RetryCounts; readonly stored: number; readonly ddl: readonly string[] };

/**
 * Tries the listed rejects of one dataset: the same steps as a run's, over rows of the quarantine, and what passes is
 * merged at once. What is not listed has nothing to say: as with a delta, nothing vanishes, and there is no footer.
 */
export async function retryDataset(context: RetryContext, declared: Dataset): Promise<RetriedDataset> {
  const dataset: Dataset = { ...declared, snapshot: 'delta', format: { ...declared.format, footer: 'none' } };
  const { trx } = context;
  const parts = await retryParts(trx, dataset, context.corrected);
  const merged = mergeShapes(parts.map((part) => part.header));
  const examined = { ...beginExamined(dataset), sources: sourcesOf(parts) };
  const load = await stage(context, examined, merged.headers);
  examined.load = load;
  context.examined.set(dataset.name, examined);
  const stager = createStager(context.database.session, load.staging, load.shape, load.key, null);
  await readParts(context, dataset, parts, merged.headers, stager);
  await countWide(trx, load);
  await noteKeys(trx, load);
  const duplicate = await settle(context, examined, load, stager);
  await noteRefused(trx, load);
  if (load.key.derived === 'content' && !dataset.distinct) await numberContents(trx, load);
  const superseded = context.mayReplaceNewer ? 0 : await setSupersededAside(trx, load);
  const classified = await classify(trx, load, { metCount: 0, liveBefore: null });
  examined.classified = classified;
  await noteChanges(trx, load);
  for (const statement of load.ddl.publish) await sql.raw(statement).execute(trx);
  const counts = await countOutcomes(trx, dataset, { ...classified, duplicate, superseded });
  const stored = await publish(trx, load, classified, {
    publishedAt: context.startedAt,
    snapshotSourceId: parts[0]!.sourceId,
    keepsLineage: context.keepsLineage,
  });
  return { counts, stored, ddl: load.ddl.publish };
}

async function readParts(
  context: RetryContext,
  dataset: Dataset,
  parts: readonly RetryPart[],
  headers: readonly HeaderMatch[],
  stager: Stager,
): Promise<void> {
  try {
    for (const [index, part] of parts.entries()) await readPart(context, dataset, part, headers[index]!, stager);
  } catch (error) {
    // What fails after an error is only its echo, as in a run.
    await stager.finish().catch(() => undefined);
    throw error;
  }
}

async function readPart(
  context: RetryContext,
  dataset: Dataset,
  part: RetryPart,
  header: HeaderMatch,
  stager: Stager,
): Promise<void> {
  stager.startSource(part.sourceId);
  const validator = createValidator({ dataset, header, isRagged: part.isRagged, sink: stager.sink });
  for await (const { batch, doubtful } of part.read(header)) {
    context.job.signal.throwIfAborted();
    for (const reject of doubtful) stager.sink.reject(reject);
    validator.push(batch, 0);
    // The next page comes over the same connection: no COPY may be open.
    await stager.finish();
  }
  const { blankRows } = validator.finish();
  if (blankRows > 0)
    throw new ProjetusError('unbalanced', `${dataset.name}: ${blankRows} rejects are blank; nothing was changed.`);
}
