import { sql, type RawBuilder } from 'kysely';
import type { RejectStatus } from '../db/tables.ts';

/** Which rejects are meant. An empty list leaves its point open; all points have to hold. */
export type RejectFilter = {
  readonly ids: readonly string[];
  /** Runs in which the rejects were first seen: ids, or their beginnings. */
  readonly runs: readonly string[];
  readonly datasets: readonly string[];
  /** Reject codes: a row with one of them, whatever else is wrong with it. */
  readonly codes: readonly string[];
  readonly statuses: readonly RejectStatus[];
};

export const everyReject: RejectFilter = { ids: [], runs: [], datasets: [], codes: [], statuses: [] };

/** The filter as a condition on `quarantine q`. */
export function meets(filter: RejectFilter): RawBuilder<boolean> {
  const { ids, runs, datasets, codes, statuses } = filter;
  const conditions = [
    ids.length > 0 && sql`q.id = ANY (${[...ids]}::bigint[])`,
    runs.length > 0 && sql`EXISTS (SELECT FROM unnest(${[...runs]}::text[]) p (id) WHERE starts_with(q.run_id, p.id))`,
    datasets.length > 0 && sql`q.dataset = ANY (${[...datasets]}::text[])`,
    codes.length > 0 && sql`EXISTS (SELECT FROM jsonb_array_elements(q.errors) e WHERE e->>'code' = ANY (${[...codes]}::text[]))`,
    statuses.length > 0 && sql`q.status = ANY (${[...statuses]}::text[])`,
  ].filter((condition) => condition !== false);
  return conditions.length === 0 ? sql`true` : sql`(${sql.join(conditions, sql` AND `)})`;
}
