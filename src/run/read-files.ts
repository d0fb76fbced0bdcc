import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { DatasetReport, Profile } from '../core/report.ts';
import { count } from '../load/classify.ts';
import { fetchKnown } from '../load/fetch-known.ts';
import type { KnownRecords } from '../load/known-records.ts';
import { tableNames, type Load } from '../load/load.ts';
import { createStager, type Stager } from '../load/stager.ts';
import { storedProfile } from '../load/stored-profile.ts';
import { haveOneKey, sendUnmet } from '../load/unmet.ts';
import type { HeaderMatch } from '../validate/header.ts';
import { joinProfiles, withoutPart } from '../validate/profile.ts';
import type { Examined, RunContext } from './examined.ts';
import { readSource } from './read-sources.ts';

/** The rows of a dataset's files in staging, but for those that are stored just so. */
export type ReadFiles = {
  readonly load: Load;
  readonly stager: Stager;
  readonly profile: Profile;
  /** Records that are stored just so, and were not staged. */
  readonly metCount: number;
};

/**
 * Reads the files of a dataset into staging. Most rows of most days are those of the day before: what tells the stored
 * records is fetched first, and of a line that is known nothing is parsed, validated or sent. Where that cannot tell rows
 * apart, the files are read once more, and every row is staged.
 */
export async function readFiles(
  context: RunContext,
  examined: Examined,
  headers: readonly HeaderMatch[],
  measured: DatasetReport | null,
): Promise<ReadFiles> {
  const load = examined.load!;
  const known = await knownRecords(context, examined, measured);
  if (known !== null) {
    const read = await readBesideStored(context, examined, headers, known);
    if (read !== null) return read;
    for (const table of [load.staging.records, load.staging.refused]) await sql`TRUNCATE ${sql.id(table)}`.execute(context.trx);
  }
  const { stager, profiles } = await readInto(context, examined, headers, null);
  return { load, stager, profile: joinProfiles(profiles), metCount: 0 };
}

/** The stored records by their hashes; null: they are too many, or every row is needed. */
async function knownRecords(
  context: RunContext,
  { dataset, load, lineReading }: Examined,
  measured: DatasetReport | null,
): Promise<KnownRecords | null> {
  if (load!.ddl.isNew) return null;
  // A row that refers to nothing becomes a reject, with its cells and its line of today.
  if (dataset.relations.some(({ onOrphan }) => onOrphan === 'reject')) return null;
  // A totals row is compared with the sum of all rows.
  if (measured?.sources.some(({ control_totals }) => control_totals.length > 0)) return null;
  const liveCount = await count(context.trx, sql`${sql.id(dataset.name)} WHERE _vanished_at IS NULL`);
  if (liveCount === 0 || liveCount > context.job.mostKnownRecords) return null;
  const stored = await context.trx
    .selectFrom('datasets')
    .select(['line_reading', 'line_reading_since'])
    .where('name', '=', dataset.name)
    .executeTakeFirst();
  const linesSince = lineReading !== null && stored?.line_reading === lineReading ? stored.line_reading_since : null;
  return fetchKnown(context.trx, context.database.session, load!, liveCount, linesSince);
}

/** Null when the hashes did not tell the rows apart, or a file has a totals row. */
async function readBesideStored(
  context: RunContext,
  examined: Examined,
  headers: readonly HeaderMatch[],
  known: KnownRecords,
): Promise<ReadFiles | null> {
  const { trx, database } = context;
  const load: Load = { ...examined.load!, unmet: tableNames(context.examined.size).unmet };
  // The server adds up what is stored while we read: both have a core to themselves then.
  const stored = storedProfile(trx, load, 'all');
  // Whoever waits for it first hears of its failure, which must not be unhandled until then.
  stored.catch(() => undefined);
  const { stager, profiles } = await readInto(context, examined, headers, known);
  const hasTotals = examined.report.sources.some(({ control_totals }) => control_totals.length > 0);
  const all = await stored;
  if (known.isAmbiguous() || (hasTotals && known.metCount() > 0)) return null;
  await sendUnmet(trx, database.session, load, known);
  if (await haveOneKey(trx, load)) return null;
  const met = withoutPart(all, await storedProfile(trx, load, 'unmet'));
  return { load, stager, profile: joinProfiles([...profiles, met]), metCount: known.metCount() };
}

async function readInto(
  context: RunContext,
  examined: Examined,
  headers: readonly HeaderMatch[],
  known: KnownRecords | null,
): Promise<{ stager: Stager; profiles: Profile[] }> {
  const { staging, shape, key } = examined.load!;
  const stager = createStager(context.database.session, staging, shape, key, known);
  const profiles: Profile[] = [];
  try {
    for (const [index, source] of examined.sources.entries())
      profiles.push(await readSource(context, examined.dataset, source, headers[index]!, stager, known));
  } catch (error) {
    // What fails after an error is only its echo: "cannot drop active portal" after a full disk.
    await stager.finish().catch(() => undefined);
    throw error;
  }
  await stager.finish();
  return { stager, profiles };
}

/**
 * How the lines of a dataset's files become records, as one hash: null when its files are not alike. A line with the same
 * bytes is the same record only under the same one.
 */
export function lineReadingOf({ readingHash, sources }: Examined, headers: readonly HeaderMatch[]): string | null {
  const readings = new Set(
    sources.map(({ table }, index) => JSON.stringify([readingHash, headers[index]!.names, table!.receipt.delimiter])),
  );
  const [only, ...others] = readings;
  return only === undefined || others.length > 0 ? null : createHash('sha256').update(only).digest('hex');
}
