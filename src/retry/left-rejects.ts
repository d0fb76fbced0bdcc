import { sql } from 'kysely';
import type { RowError } from '../core/record.ts';
import type { Loading } from '../runs.ts';
import type { LeftReject } from './retry-report.ts';

type Row = Omit<LeftReject, 'errors'> & { errors: RowError[] | null };

/** The rejects of one dataset that stay open, in the order of their ids. */
export async function leftRejects(trx: Loading, dataset: string, refused: string): Promise<LeftReject[]> {
  const { rows } = await sql<Row>`
    SELECT r.quarantine_id::text AS id, r.dataset, r.outcome, e.source_file AS file, e.sheet, r.row_number AS row, f.errors, r.note AS newer
    FROM _retry r
      JOIN extraction_logs e ON e.id = r.source_id
      LEFT JOIN ${sql.id(refused)} f ON f.source_id = r.source_id AND f.row_number = r.row_number AND f.outcome = 'rejected'
    WHERE r.dataset = ${dataset} AND r.outcome IN ('rejected', 'superseded') ORDER BY r.quarantine_id`.execute(trx);
  return rows.map((row) => ({ ...row, errors: row.errors ?? [] }));
}
