import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import type { Counts } from '../core/report.ts';
import { unread, type Tables } from '../db/tables.ts';
import { undoneRuns, type StoredRun } from '../run-log.ts';

/**
 * What was published last of a dataset is what was so before the undone run: its day, files and counts, which the next run
 * compares itself with. An older run than the last leaves them as they are. In both cases the next run must not take the
 * short cut, nor may that of a child, whose orphans may be others now.
 */
export async function rememberUndone(
  trx: Kysely<Tables>,
  undone: { readonly run: StoredRun; readonly undoId: string; readonly name: string; readonly stored: number },
  configured: readonly Dataset[],
): Promise<void> {
  const { run, undoId, name, stored } = undone;
  const known = await trx.selectFrom('datasets').select('run_id').where('name', '=', name).executeTakeFirstOrThrow();
  const isLast = known.run_id <= run.id || run.report?.['mode'] === 'undo';
  const before = isLast ? await publishedBefore(trx, run, undoId, name) : {};
  await trx
    .updateTable('datasets')
    .set({ ...(before ?? nothingPublished(undoId)), stored, reading_hash: unread })
    .where('name', '=', name)
    .execute();
  const children = configured.filter(({ relations }) =>
    relations.some(({ references, onOrphan }) => references.dataset === name && onOrphan === 'reject'),
  );
  if (children.length === 0) return;
  const names = children.map((child) => child.name);
  await trx.updateTable('datasets').set({ reading_hash: unread }).where('name', 'in', names).execute();
}

/** Before the first load. */
function nothingPublished(undoId: string) {
  const none: Counts = {
    read: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    restored: 0,
    duplicate: 0,
    filtered: 0,
    rejected: 0,
    vanished: 0,
  };
  return { run_id: undoId, checksums: JSON.stringify([]), counts: JSON.stringify(none) };
}

type StoredDataset = { counts: Counts; stale_since?: string | null; sources: { sha256: string }[] };

/** The dataset's row as it was after the newest run that published it and still stands, this one aside; null: there is none. */
async function publishedBefore(trx: Kysely<Tables>, run: StoredRun, undoId: string, name: string) {
  // Undoing an undo brings back the run that it had undone.
  const gone = [...(await undoneRuns(trx, { id: undoId, undoes: run.id })).keys()];
  const { rows } = await sql<{ id: string; day: string; dataset: StoredDataset }>`
    SELECT r.id, r.business_date::text AS day, d AS dataset
    FROM runs r CROSS JOIN LATERAL jsonb_array_elements(r.report -> 'datasets') d
    WHERE r.status IN ('success', 'unchanged') AND r.report ->> 'mode' = 'run' AND r.id < ${run.id} AND r.id <> ALL (${gone}::text[])
      AND d ->> 'name' = ${name} AND d ->> 'status' IN ('loaded', 'unchanged')
    ORDER BY r.id DESC LIMIT 1`.execute(trx);
  const found = rows[0];
  if (!found) return null;
  const { counts, stale_since, sources } = found.dataset;
  return {
    run_id: found.id,
    business_date: stale_since ?? found.day,
    checksums: JSON.stringify(sources.map(({ sha256 }) => sha256).toSorted()),
    counts: JSON.stringify(counts),
  };
}
