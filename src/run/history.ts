import { sql } from 'kysely';
import type { Counts, DatasetReport, RelationReport, Volume } from '../core/report.ts';
import type { PastVolume } from '../guard/baseline.ts';
import { undoneRuns } from '../run-log.ts';
import type { RunContext } from './examined.ts';
import { present } from './known-files.ts';

/** More than a year of days: 8 runs of a weekday are 56 daily ones. */
const mostRuns = 400;

/** The volumes of earlier published runs that parsed the dataset's files, the newest first; undone ones are left out. */
export async function pastVolumes(context: RunContext, name: string): Promise<PastVolume[]> {
  const undone = [...(await undoneRuns(context.trx)).keys()];
  const { rows } = await sql<{ day: string; details: Counts & { volume?: Volume } }>`
    SELECT r.business_date::text AS day, c.details
    FROM reconciliations c JOIN runs r ON r.id = c.run_id
    WHERE c.dataset = ${name} AND c.kind = 'rows' AND r.status IN ('success', 'unchanged') AND r.id <> ALL (${undone}::text[])
    ORDER BY c.id DESC LIMIT ${mostRuns}`.execute(context.trx);
  return rows.map(({ day, details }) => ({ businessDate: day, records: present(details), volume: details.volume ?? null }));
}

/** The dataset's report in the last published run that parsed its files: what today's is compared with. */
export async function lastMeasured(context: RunContext, name: string): Promise<DatasetReport | null> {
  const undone = [...(await undoneRuns(context.trx)).keys()];
  const { rows } = await sql<{ dataset: DatasetReport }>`
    SELECT d AS dataset
    FROM (
      SELECT r.id, r.report FROM reconciliations c JOIN runs r ON r.id = c.run_id
      WHERE c.dataset = ${name} AND c.kind = 'rows' AND r.status IN ('success', 'unchanged') AND r.id <> ALL (${undone}::text[])
      ORDER BY c.id DESC LIMIT 1
    ) last CROSS JOIN LATERAL jsonb_array_elements(last.report -> 'datasets') d
    WHERE d ->> 'name' = ${name}`.execute(context.trx);
  return rows[0]?.dataset ?? null;
}

/** The dataset's relations in the last published run that measured some. */
export async function lastRelations(context: RunContext, name: string): Promise<readonly RelationReport[]> {
  const undone = [...(await undoneRuns(context.trx)).keys()];
  const { rows } = await sql<{ relations: RelationReport[] }>`
    SELECT d -> 'relations' AS relations
    FROM runs r CROSS JOIN LATERAL jsonb_array_elements(r.report -> 'datasets') d
    WHERE ${name} = ANY (r.datasets) AND r.status IN ('success', 'unchanged') AND r.id <> ALL (${undone}::text[])
      AND d ->> 'name' = ${name} AND jsonb_array_length(d -> 'relations') > 0
    ORDER BY r.started_at DESC, r.id DESC LIMIT 1`.execute(context.trx);
  return rows[0]?.relations ?? [];
}
