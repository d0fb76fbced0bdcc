import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { LineageOperation, Tables } from '../db/tables.ts';
import type { StoredRun } from '../run-log.ts';
import type { Changes } from '../core/mask.ts';

/** `lineage run --json`. A contract: only ever extended. */
export type RunLineageReport = {
  schema: 'projetus.lineage-run/1';
  run_id: string;
  status: string;
  business_date: string;
  started_at: string;
  pipeline_version: string;
  datasets: RunLineageDataset[];
};

export type RunLineageDataset = {
  name: string;
  entity: string;
  files: { source_file: string; path: string; sheet: string | null; sha256: string; status: string }[];
  /** Versions that the run made and that the table or the history still has. */
  operations: Record<LineageOperation, number>;
  samples: RunLineageSample[];
};

export type RunLineageSample = {
  operation: LineageOperation;
  id: string;
  source_file: string;
  row: number | null;
  changes: Changes | null;
};

/** What a run did: how often it did what in each dataset, and the first `samples` of each operation. */
export async function runLineage(db: Kysely<Tables>, run: StoredRun, samples: number): Promise<RunLineageReport> {
  const logs = await sql<Log>`
    SELECT e.dataset, coalesce(d.entity, e.dataset) AS entity, d.entity_id_sql, to_regclass(quote_ident(e.dataset)) IS NOT NULL AS there,
      e.id::text AS id, e.source_file, e.path, e.sheet, e.checksum::text AS sha256, e.status
    FROM extraction_logs e LEFT JOIN datasets d ON d.name = e.dataset
    WHERE e.run_id = ${run.id} ORDER BY e.dataset, e.id`.execute(db);
  const datasets: RunLineageDataset[] = [];
  for (const name of new Set(logs.rows.map(({ dataset }) => dataset))) {
    const own = logs.rows.filter(({ dataset }) => dataset === name);
    datasets.push(await datasetLineage(db, run, own, samples));
  }
  return {
    schema: 'projetus.lineage-run/1',
    run_id: run.id,
    status: run.status,
    business_date: run.business_date,
    started_at: run.started_at.toISOString(),
    pipeline_version: run.pipeline_version,
    datasets,
  };
}

type Log = RunLineageDataset['files'][number] & {
  dataset: string;
  entity: string;
  entity_id_sql: string | null;
  there: boolean;
  id: string;
};

async function datasetLineage(
  db: Kysely<Tables>,
  run: StoredRun,
  logs: readonly Log[],
  limit: number,
): Promise<RunLineageDataset> {
  const { dataset: name, entity } = logs[0]!;
  const versions = versionsOf(run, logs);
  const { rows } = await sql<{ operation: LineageOperation; n: number }>`
    SELECT operation, count(*)::int AS n FROM (${versions}) v GROUP BY operation`.execute(db);
  const samples: RunLineageSample[] = [];
  for (const { operation } of rows.toSorted((a, b) => a.operation.localeCompare(b.operation))) {
    const found = await sql<RunLineageSample>`
      SELECT v.operation, v.id, e.source_file, v.row, v.changes
      FROM (SELECT * FROM (${versions}) a WHERE operation = ${operation} ORDER BY source_id, row, id LIMIT ${limit}) v
      JOIN extraction_logs e ON e.id = v.source_id ORDER BY v.source_id, v.row, v.id`.execute(db);
    samples.push(...found.rows);
  }
  const none = { insert: 0, update: 0, restore: 0, vanish: 0 };
  const files = logs.map(({ source_file, path, sheet, sha256, status }) => ({ source_file, path, sheet, sha256, status }));
  return {
    name,
    entity,
    files,
    operations: { ...none, ...Object.fromEntries(rows.map(({ operation, n }) => [operation, n])) },
    samples,
  };
}

/**
 * Present versions of the run, and those that were superseded since. Not by the view: that would join each version of
 * every table with its file.
 */
function versionsOf(run: StoredRun, logs: readonly Log[]): RawBuilder<unknown> {
  const [{ dataset, entity_id_sql, there }] = logs as [Log];
  const ids = sql`${logs.map(({ id }) => id)}::bigint[]`;
  const past = sql`
    SELECT entity_id AS id, source_id, row_number AS row, operation, changes FROM lineage_history
    WHERE source_id = ANY (${ids}) AND superseded_at >= ${run.started_at}::timestamptz`;
  if (!there || entity_id_sql === null) return past;
  return sql`${past} UNION ALL
    SELECT ${sql.raw(entity_id_sql)}, t._source_id, t._row, t._operation, t._changes FROM ${sql.id(dataset)} t WHERE t._source_id = ANY (${ids})`;
}
