import { sql, type Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import type { Tally } from './facts.ts';
import { loadsFiles } from './loads-files.ts';

/** Counts the runs of the log that have ended. */
export async function readTally(db: Kysely<Tables>): Promise<Tally> {
  return { outcomes: await outcomes(db), durations: await durations(db) };
}

/**
 * A dataset that was loaded shares the success of its run, and one that was ready the failure; what kept a dataset from
 * being loaded is its own. A run that died, or failed before it looked at a dataset, counts for all that it was to load.
 */
async function outcomes(db: Kysely<Tables>): Promise<Tally['outcomes']> {
  const { rows } = await sql<{ entity: string; outcome: string; runs: number }>`
    WITH ended AS (SELECT status, datasets, report->'datasets' AS reported FROM runs WHERE status <> 'running' AND ${loadsFiles})
    SELECT entity, outcome, count(*)::int AS runs FROM (
      SELECT d->>'entity' AS entity,
        CASE d->>'status' WHEN 'loaded' THEN 'success' WHEN 'ready' THEN status ELSE d->>'status' END AS outcome
      FROM ended CROSS JOIN LATERAL jsonb_array_elements(reported) d
      UNION ALL
      SELECT coalesce(p.entity, d.name), status
      FROM ended CROSS JOIN LATERAL unnest(datasets) d(name) LEFT JOIN datasets p ON p.name = d.name
      WHERE coalesce(jsonb_array_length(reported), 0) = 0
    ) o GROUP BY 1, 2 ORDER BY 1, 2`.execute(db);
  return rows;
}

/** Without those that died: when they did is not known. */
async function durations(db: Kysely<Tables>): Promise<number[]> {
  const { rows } = await sql<{ seconds: number }>`
    SELECT extract(epoch FROM finished_at - started_at)::float8 AS seconds FROM runs
    WHERE status NOT IN ('running', 'aborted') AND finished_at IS NOT NULL AND ${loadsFiles}`.execute(db);
  return rows.map(({ seconds }) => seconds);
}
