import { sql } from 'kysely';
import { ProjetusError } from '../core/errors.ts';
import type { Counts } from '../core/report.ts';
import { count } from '../load/classify.ts';
import { refuseSpreadOtherwise } from '../load/distribution.ts';
import { tableExists } from '../db/table-exists.ts';
import type { Examined, RunContext } from './examined.ts';

/** What was published last of a dataset. */
export type Published = {
  readonly runId: string;
  readonly businessDate: string;
  readonly checksums: readonly string[];
  readonly counts: Counts;
  readonly stored: number;
  readonly readingHash: string;
  /** How its lines became records; null: not in one way. */
  readonly lineReading: string | null;
  /** The first file whose lines did. */
  readonly linesSince: string | null;
};

export async function lastPublished(context: RunContext, name: string): Promise<Published | null> {
  const row = await context.trx
    .selectFrom('datasets')
    .select(['run_id', 'checksums', 'counts', 'stored', 'reading_hash', 'line_reading', 'line_reading_since'])
    .select(sql<string>`business_date::text`.as('day'))
    .where('name', '=', name)
    .executeTakeFirst();
  if (!row) return null;
  return {
    runId: row.run_id,
    businessDate: row.day,
    checksums: row.checksums,
    counts: row.counts as Counts,
    stored: row.stored,
    readingHash: row.reading_hash,
    lineReading: row.line_reading,
    linesSince: row.line_reading_since,
  };
}

/** Throws `date-before-published` for a day that lies before the last published one: a full snapshot would go back in time. */
export function refuseOlderDate(context: RunContext, examined: Examined, last: Published | null): void {
  const { dataset } = examined;
  if (!last || context.job.force || dataset.snapshot !== 'full' || context.businessDate >= last.businessDate) return;
  throw new ProjetusError(
    'date-before-published',
    `${dataset.name}: ${context.businessDate} is before ${last.businessDate}, which is published already.`,
    {
      hint: 'a full snapshot of an older day would undo newer records; add --force if that is what you want',
    },
  );
}

/**
 * True when the files are those of the last published run, read in the same way, and the table still holds as many
 * rows: then there is nothing to parse. Notes it when they are those of an earlier day.
 */
export async function isKnown(context: RunContext, examined: Examined, last: Published | null): Promise<boolean> {
  const checksums = examined.sources.map((source) => source.sha256).toSorted();
  if (!last || JSON.stringify(checksums) !== JSON.stringify(last.checksums)) return false;
  if (last.businessDate < context.businessDate) examined.report.stale_since = last.businessDate;
  if (context.job.force || last.readingHash !== examined.readingHash) return false;
  if (await parentsMoved(context, examined, last)) return false;
  const { dataset } = examined;
  // A person may have dropped the table, to have it loaded again.
  if (!(await tableExists(context.trx, dataset.name))) return false;
  if (dataset.distribution !== 'none') await refuseSpreadOtherwise(context.trx, dataset, true);
  const stored = await count(context.trx, sql`${sql.id(dataset.name)} WHERE _vanished_at IS NULL`);
  if (stored !== last.stored) return false;
  const { counts } = last;
  examined.report.counts = {
    ...counts,
    inserted: 0,
    updated: 0,
    unchanged: present(counts),
    restored: 0,
    vanished: 0,
    new_rejects: 0,
  };
  examined.report.stored = stored;
  examined.report.balanced = true;
  return true;
}

/** Which rows are orphans, and so rejects, is for the parents to say: those that were loaded since may say otherwise. */
async function parentsMoved(context: RunContext, { dataset }: Examined, last: Published): Promise<boolean> {
  for (const { onOrphan, references } of dataset.relations) {
    if (onOrphan !== 'reject' || references.dataset === dataset.name) continue;
    if (context.examined.get(references.dataset)?.load) return true;
    // The ids of runs sort by time.
    if (((await lastPublished(context, references.dataset))?.runId ?? '') > last.runId) return true;
  }
  return false;
}

/** Records that the files held. */
export function present(counts: Counts): number {
  return counts.inserted + counts.updated + counts.unchanged + counts.restored;
}
