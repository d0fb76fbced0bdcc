import { sql, type Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { meets, type RejectFilter } from './reject-filter.ts';

export type RejectGroup = { readonly dataset: string; readonly code: string; readonly rejects: number };

/** How many rejects meet the filter, and how many of them have each code: a row with two codes counts under both. */
export async function countRejects(db: Kysely<Tables>, filter: RejectFilter): Promise<{ total: number; groups: RejectGroup[] }> {
  const total = await sql<{ n: number }>`SELECT count(*)::int AS n FROM quarantine q WHERE ${meets(filter)}`.execute(db);
  const groups = await sql<RejectGroup>`
    SELECT q.dataset, c.code, count(*)::int AS rejects
    FROM quarantine q CROSS JOIN LATERAL (SELECT DISTINCT e->>'code' AS code FROM jsonb_array_elements(q.errors) e) c
    WHERE ${meets(filter)} GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2`.execute(db);
  return { total: total.rows[0]!.n, groups: [...groups.rows] };
}

/** Datasets that have rejects. */
export async function datasetsWithRejects(db: Kysely<Tables>, filter: RejectFilter): Promise<string[]> {
  const { rows } = await sql<{ dataset: string }>`
    SELECT DISTINCT q.dataset FROM quarantine q WHERE ${meets(filter)} ORDER BY 1`.execute(db);
  return rows.map(({ dataset }) => dataset);
}
