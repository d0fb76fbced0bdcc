import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { isNumeric, type Column } from '../core/dataset.ts';
import type { ColumnProfile, DatasetReport, Profile } from '../core/report.ts';
import { unread } from '../db/tables.ts';
import { fetchKnown } from '../load/fetch-known.ts';
import { mostEntries } from '../load/hash-index.ts';
import type { KnownRecords } from '../load/known-records.ts';
import { tableNames, type Load } from '../load/load.ts';
import { createStager, type Stager } from '../load/stager.ts';
import { countWide } from '../load/statistics.ts';
import { storedProfile } from '../load/stored-profile.ts';
import { haveOneKey, sendUnmet } from '../load/unmet.ts';
import type { HeaderMatch } from '../validate/header.ts';
import { joinProfiles, withoutPart } from '../validate/profile.ts';
import type { Examined, LineReading, RunContext } from './examined.ts';
import type { Published } from './known-files.ts';
import { readSource } from './read-sources.ts';

/** The rows of a dataset's files in staging, but for those that are stored just so. */
export type ReadFiles = {
  readonly load: Load;
  readonly stager: Stager;
  readonly profile: Profile;
  /** Records that are stored just so, and were not staged. */
  readonly metCount: number;
  /** Live rows of the table before the run, where they were counted. */
  readonly liveBefore: number | null;
};

type Known = {
  readonly records: KnownRecords;
  readonly liveCount: number;
  /** The dataset in the last run that parsed it. */
  readonly measured: DatasetReport | null;
  /** Whether nothing was undone or retried since that run. */
  readonly isUntouched: boolean;
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
  last: Published | null,
  measured: DatasetReport | null,
): Promise<ReadFiles> {
  const load = examined.load!;
  const known = await knownRecords(context, examined, last, measured);
  if (known !== null) {
    const read = await readBesideStored(context, examined, headers, known);
    if (read !== null) return read;
    for (const table of [load.staging.records, load.staging.refused]) await sql`TRUNCATE ${sql.id(table)}`.execute(context.trx);
  }
  const { stager, profiles } = await readInto(context, examined, headers, null);
  return { load, stager, profile: joinProfiles(profiles), metCount: 0, liveBefore: null };
}

/** The stored records by their hashes; null: they are too many, or every row is needed. */
async function knownRecords(
  context: RunContext,
  { dataset, load, lineReading }: Examined,
  last: Published | null,
  measured: DatasetReport | null,
): Promise<Known | null> {
  // With Citus each server compares its own rows, and nothing has to come here.
  if (dataset.distribution !== 'none') return null;
  if (load!.ddl.isNew || last === null || last.stored > Math.min(mostEntries, context.job.mostKnownRecords)) return null;
  // A row that refers to nothing becomes a reject, with its cells and its line of today.
  if (dataset.relations.some(({ onOrphan }) => onOrphan === 'reject')) return null;
  // A totals row is compared with the sum of all rows.
  if (measured?.sources.some(({ control_totals }) => control_totals.length > 0)) return null;
  const linesSince = isSameReading(lineReading!.hash, last) ? last.linesSince : null;
  const records = await fetchKnown(context.trx, context.database.session, load!, last.stored, linesSince);
  const liveCount = records.size();
  if (liveCount === 0) return null;
  return { records, liveCount, measured, isUntouched: last.readingHash !== unread };
}

/** Null when the hashes did not tell the rows apart, or a file has a totals row. */
async function readBesideStored(
  context: RunContext,
  examined: Examined,
  headers: readonly HeaderMatch[],
  known: Known,
): Promise<ReadFiles | null> {
  const { trx, database } = context;
  const load: Load = { ...examined.load!, unmet: tableNames(examined.sources[0]!.id, examined.dataset).unmet };
  const { stager, profiles } = await readInto(context, examined, headers, known.records);
  const hasTotals = examined.report.sources.some(({ control_totals }) => control_totals.length > 0);
  const metCount = known.records.metCount();
  if (known.records.isAmbiguous() || (hasTotals && metCount > 0)) return null;
  await sendUnmet(trx, database.session, load, known.records);
  if (await haveOneKey(trx, load)) return null;
  const met = withoutPart(await wholeProfile(context, load, known), await storedProfile(trx, load, 'unmet'));
  return { load, stager, profile: joinProfiles([...profiles, met]), metCount, liveBefore: known.liveCount };
}

/**
 * What the live records hold: as the last run reported it when they are still those that it published, since adding up a
 * million takes the server 2 s of CPU.
 */
async function wholeProfile({ trx }: RunContext, load: Load, { measured, liveCount, isUntouched }: Known): Promise<Profile> {
  const last = measured?.profile;
  const columns = load.shape.columns.map(({ name }) => name).filter((name) => !load.ddl.added.includes(name));
  if (!last || !isUntouched || last.records !== liveCount || columns.some((name) => !last.columns[name])) {
    return storedProfile(trx, load, 'all');
  }
  const profileOf = (column: Column) => last.columns[column.name] ?? emptyProfile(column);
  return {
    records: liveCount,
    columns: Object.fromEntries(load.shape.columns.map((column) => [column.name, profileOf(column)])),
  };
}

/** Of a column that the table gets today. */
function emptyProfile(column: Column): ColumnProfile {
  const zero = isNumeric(column) ? 0 : null;
  return { filled: 0, nonzero: zero, absolute_sum: zero };
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
  await countWide(context.trx, examined.load!);
  return { stager, profiles };
}

/** How the lines of a dataset's files become records: as they did in the last published run, or from these files on. */
export function lineReadingOf(
  { readingHash, sources }: Examined,
  headers: readonly HeaderMatch[],
  last: Published | null,
): LineReading {
  const readings = new Set(
    sources.map(({ table }, index) => JSON.stringify([readingHash, headers[index]!.names, table!.receipt.delimiter])),
  );
  const [only, ...others] = readings;
  const hash = others.length > 0 ? null : createHash('sha256').update(only!).digest('hex');
  return { hash, since: isSameReading(hash, last) ? last!.linesSince! : sources[0]!.id };
}

function isSameReading(hash: string | null, last: Published | null): boolean {
  return hash !== null && last?.lineReading === hash;
}
