import { sql } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import type { Load } from '../load/load.ts';
import type { Loading } from '../runs.ts';

/** What became of the rejects that were tried; `read` is the sum of the others. */
export type RetryCounts = {
  readonly read: number;
  readonly inserted: number;
  readonly updated: number;
  readonly restored: number;
  /** Stored with the same content already. */
  readonly unchanged: number;
  readonly duplicate: number;
  /** `where` does not want them any more. */
  readonly filtered: number;
  readonly rejected: number;
  readonly superseded: number;
};

/** Notes under which key each row is staged, before repeated keys are settled. */
export async function noteKeys(trx: Loading, load: Load): Promise<void> {
  await sql`
    UPDATE _retry r SET key = ${sql.ref(`s.${load.key.column}`)}::text FROM ${sql.id(load.staging.records)} s
    WHERE r.source_id = s._source_id AND r.row_number = s._row`.execute(trx);
}

/** Notes which rows are rejected again, or filtered. */
export async function noteRefused(trx: Loading, load: Load): Promise<void> {
  await sql`
    UPDATE _retry r SET outcome = f.outcome FROM ${sql.id(load.staging.refused)} f
    WHERE r.source_id = f.source_id AND r.row_number = f.row_number`.execute(trx);
}

/** Notes what the merge will do with the rows that are left in staging, and the keys that they have now. */
export async function noteChanges(trx: Loading, load: Load): Promise<void> {
  const key = sql.id(load.key.column);
  const isStaged = sql`r.source_id = s._source_id AND r.row_number = s._row`;
  await sql`
    UPDATE _retry r SET outcome = c.operation, key = c.key::text
    FROM ${sql.id(load.staging.records)} s JOIN ${sql.id(load.changes)} c ON c.key = s.${key} WHERE ${isStaged}`.execute(trx);
  await sql`
    UPDATE _retry r SET outcome = 'unchanged', key = t.${key}::text
    FROM ${sql.id(load.staging.records)} s JOIN ${sql.id(load.dataset.name)} t ON t.${key} = s.${key}
    WHERE ${isStaged} AND t._hash = s._hash AND t._vanished_at IS NULL`.execute(trx);
  await sql`
    UPDATE _retry r SET outcome = 'duplicate' WHERE dataset = ${load.dataset.name} AND outcome IS NULL AND key IS NOT NULL`.execute(
    trx,
  );
}

type Expected = Omit<RetryCounts, 'read' | 'filtered' | 'rejected'>;

/** The counts as noted. Throws `unbalanced` unless they are those of the statements that did the work. */
export async function countOutcomes(trx: Loading, dataset: Dataset, expected: Expected): Promise<RetryCounts> {
  const { rows } = await sql<{ outcome: string | null; n: number }>`
    SELECT outcome, count(*)::int AS n FROM _retry WHERE dataset = ${dataset.name} GROUP BY 1`.execute(trx);
  const noted = (outcome: string) => rows.find((row) => row.outcome === outcome)?.n ?? 0;
  const counts: RetryCounts = {
    read: rows.reduce((sum, { n }) => sum + n, 0),
    inserted: noted('insert'),
    updated: noted('update'),
    restored: noted('restore'),
    unchanged: noted('unchanged'),
    duplicate: noted('duplicate'),
    filtered: noted('filtered'),
    rejected: noted('rejected'),
    superseded: noted('superseded'),
  };
  const isAsDone = (Object.keys(expected) as (keyof Expected)[]).every(
    (name) => !(name in counts) || counts[name] === expected[name],
  );
  const { read, ...parts } = counts;
  if (isAsDone && Object.values(parts).reduce((sum, n) => sum + n, 0) === read) return counts;
  throw new ProjetusError(
    'unbalanced',
    `${dataset.name}: ${read} rejects were tried, and what became of them does not add up (${JSON.stringify(counts)}); nothing was changed.`,
    { hint: 'this is a bug in projetus: please report it with the output of --json' },
  );
}
