import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Changes } from '../core/mask.ts';
import type { Tables } from '../db/tables.ts';

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
  changes: Changes | null;
};

/** Every version of one record, oldest first. An unknown id gives `exists: false`. */
export async function showLineage(db: Kysely<Tables>, entity: string, id: string): Promise<LineageReport> {
  const { rows } = await sql<Omit<LineageVersion, 'at'> & { at: Date }>`
    SELECT v.operation, e.run_id, e.created_at AS at, e.source_file, e.checksum::text AS source_sha256, e.sheet, v.row_number AS row,
      encode(v.record_hash, 'hex') AS record_hash, e.pipeline_version, v.changes
    FROM (
      SELECT source_id, row_number, operation, record_hash, changes FROM lineage_history
      WHERE entity_type = ${entity} AND entity_id = ${id}
      ${sql.join(await presentVersions(db, entity, id), sql` `)}
    ) v JOIN extraction_logs e ON e.id = v.source_id
    -- A deletion follows the version that it ended, in the same run.
    ORDER BY e.created_at, e.run_id, v.operation = 'vanish'`.execute(db);
  const versions = rows.map(({ at, ...version }) => ({ ...version, at: at.toISOString() }));
  const last = versions.at(-1);
  return { schema: 'projetus.lineage/1', entity, id, exists: last !== undefined && last.operation !== 'vanish', versions };
}

/**
 * The version beside the record, in each table of the entity. As in the view data_lineage, which compares the key as
 * text: that is 50 ms where the key is a number and has to be cast 100,000 times, and 3 ms with the key's index.
 */
async function presentVersions(db: Kysely<Tables>, entity: string, id: string): Promise<RawBuilder<unknown>[]> {
  const { rows } = await sql<{ name: string; entity_id_sql: string; key: string; type: string }>`
    SELECT d.name, d.entity_id_sql, a.attname AS key, a.atttypid::regtype::text AS type
    FROM datasets d JOIN pg_index i ON i.indrelid = to_regclass(quote_ident(d.name)) AND i.indisprimary
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE d.entity = ${entity} ORDER BY d.name`.execute(db);
  return rows.map(({ name, entity_id_sql, key, type }) => {
    const isId = sql`${sql.raw(entity_id_sql)} = ${id}`;
    const byIndex = isBigint(id) ? sql`${sql.ref(`t.${key}`)} = ${id}::bigint AND ${isId}` : sql`false`;
    return sql`UNION ALL SELECT t._source_id, t._row, t._operation, t._hash, t._changes
      FROM ${sql.id(name)} t WHERE ${type === 'bigint' ? byIndex : isId}`;
  });
}

function isBigint(text: string): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

/** Entities that lineage knows. */
export async function knownEntities(db: Kysely<Tables>): Promise<string[]> {
  const rows = await db.selectFrom('datasets').select('entity').distinct().orderBy('entity').execute();
  return rows.map((row) => row.entity);
}
