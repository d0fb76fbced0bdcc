import { sql, type Kysely } from 'kysely';
import type { Tables } from './db/tables.ts';

/** `lineage show --json`. A contract: only ever extended. */
export type LineageReport = {
  schema: 'projetus.lineage/1';
  entity: string;
  id: string;
  exists: boolean;
  versions: LineageVersion[];
};

export type LineageVersion = {
  operation: 'insert' | 'update' | 'vanish' | 'restore';
  run_id: string;
  at: string;
  source_file: string;
  source_sha256: string;
  sheet: string | null;
  row: number | null;
  record_hash: string;
  pipeline_version: string;
  changes: Record<string, { from: string | null; to: string | null }> | null;
};

/** Every version of one record, oldest first. An unknown id gives `exists: false`. */
export async function showLineage(db: Kysely<Tables>, entity: string, id: string): Promise<LineageReport> {
  const rows = await db
    .selectFrom('data_lineage')
    .selectAll()
    .where('entity_type', '=', entity)
    .where('entity_id', '=', id)
    .orderBy('created_at')
    .orderBy('run_id')
    // A deletion follows the version that it ended, in the same run.
    .orderBy(sql`operation = 'vanish'`)
    .execute();
  const versions = rows.map((row) => ({
    operation: row.operation,
    run_id: row.run_id,
    at: row.created_at.toISOString(),
    source_file: row.source_file,
    source_sha256: row.source_sha256,
    sheet: row.sheet,
    row: row.row_number,
    record_hash: row.record_hash,
    pipeline_version: row.pipeline_version,
    changes: row.changes,
  }));
  const last = versions.at(-1);
  return { schema: 'projetus.lineage/1', entity, id, exists: last !== undefined && last.operation !== 'vanish', versions };
}

/** The versions without personal data: what a masked column held is not shown. */
export function maskVersions(versions: readonly LineageVersion[], personal: ReadonlySet<string>): LineageVersion[] {
  const mask = (text: string | null) => (text === null ? null : '***');
  return versions.map((version) => ({
    ...version,
    changes:
      version.changes &&
      Object.fromEntries(
        Object.entries(version.changes).map(([column, change]) => [
          column,
          personal.has(column) ? { from: mask(change.from), to: mask(change.to) } : change,
        ]),
      ),
  }));
}

/** Entities that lineage knows. */
export async function knownEntities(db: Kysely<Tables>): Promise<string[]> {
  const rows = await db.selectFrom('datasets').select('entity').distinct().orderBy('entity').execute();
  return rows.map((row) => row.entity);
}

/**
 * The statement of the view `data_lineage`: the superseded versions, and of each table the present version, which is
 * kept beside the record. Made anew when a dataset is published for the first time.
 */
export async function lineageViewStatement(trx: Kysely<Tables>): Promise<string> {
  const datasets = await trx.selectFrom('datasets').select(['name', 'entity', 'entity_id_sql']).orderBy('name').execute();
  const present = datasets.map(
    ({ name, entity, entity_id_sql }) =>
      `SELECT ${literal(entity)}::text, ${entity_id_sql}, t._source_id, t._row, t._operation, t._hash, t._changes FROM ${identifier(name)} t`,
  );
  const past = 'SELECT entity_type, entity_id, source_id, row_number, operation, record_hash, changes FROM lineage_history';
  return `CREATE OR REPLACE VIEW data_lineage AS
SELECT v.entity_type, v.entity_id, e.source_file, e.checksum::text AS source_sha256, e.sheet, e.extraction_timestamp, e.pipeline_version,
  encode(v.record_hash, 'hex') AS record_hash, e.created_at, e.run_id, v.row_number, v.operation, v.changes
FROM (
  ${[past, ...present].join('\n  UNION ALL ')}
) v JOIN extraction_logs e ON e.id = v.source_id`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
