import { sql, type Kysely } from 'kysely';
import { quote, quoteLiteral } from '../db/quote.ts';
import type { Tables } from '../db/tables.ts';

/**
 * The statement of the view `data_lineage`: the superseded versions, and of each table the present version, which is
 * kept beside the record.
 */
export async function lineageViewStatement(trx: Kysely<Tables>): Promise<string> {
  const datasets = await trx
    .selectFrom('datasets')
    .select(['name', 'entity', 'entity_id_sql'])
    // A person may have dropped the table of a dataset that is no longer configured.
    .where(sql<boolean>`to_regclass(quote_ident(name)) IS NOT NULL`)
    .orderBy('name')
    .execute();
  const present = datasets.map(
    ({ name, entity, entity_id_sql }) =>
      `SELECT ${quoteLiteral(entity)}::text, ${entity_id_sql}, t._source_id, t._row, t._operation, t._hash, t._changes FROM ${quote(name)} t`,
  );
  const past = 'SELECT entity_type, entity_id, source_id, row_number, operation, record_hash, changes FROM lineage_history';
  return `CREATE OR REPLACE VIEW data_lineage AS
SELECT v.entity_type, v.entity_id, e.source_file, e.checksum::text AS source_sha256, e.sheet, e.extraction_timestamp, e.pipeline_version,
  encode(v.record_hash, 'hex') AS record_hash, e.created_at, e.run_id, v.row_number, v.operation, v.changes
FROM (
  ${[past, ...present].join('\n  UNION ALL ')}
) v JOIN extraction_logs e ON e.id = v.source_id`;
}
