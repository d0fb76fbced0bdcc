import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { RowError } from '../core/record.ts';
import { pagesOf } from '../db/pages.ts';
import type { RejectStatus, Tables } from '../db/tables.ts';
import { meets, type RejectFilter } from './reject-filter.ts';

/** A reject as the quarantine holds it. */
export type KeptReject = {
  readonly id: string;
  readonly dataset: string;
  readonly status: RejectStatus;
  /** The run that found it. */
  readonly run_id: string;
  readonly created_at: Date;
  readonly source_id: string;
  readonly source_file: string;
  readonly sheet: string | null;
  readonly row_number: number;
  /** The cells as read; U+0000 is U+2400. */
  readonly raw: readonly string[];
  readonly errors: readonly RowError[];
};

/** What is held in memory at a time. */
const pageRows = 500;

const columns = sql`q.id::text AS id, q.dataset, q.status, q.run_id, q.created_at, q.source_id::text AS source_id,
  q.source_file, q.sheet, q.row_number, q.raw, q.errors`;

/** The rejects that meet the filter, newest first, page by page. */
export function newestRejects(db: Kysely<Tables>, filter: RejectFilter, limit: number): AsyncGenerator<readonly KeptReject[]> {
  const most = Number.isFinite(limit) ? sql`LIMIT ${limit}` : sql``;
  const query = sql<KeptReject>`SELECT ${columns} FROM quarantine q WHERE ${meets(filter)} ORDER BY q.id DESC ${most}`;
  return pagesOf(db, 'newest_rejects', query, pageRows);
}

/** The rejects that meet a condition on `quarantine q`, oldest first, page by page. */
export function rejectsInOrder(db: Kysely<Tables>, condition: RawBuilder<unknown>): AsyncGenerator<readonly KeptReject[]> {
  const query = sql<KeptReject>`SELECT ${columns} FROM quarantine q WHERE ${condition} ORDER BY q.id`;
  return pagesOf(db, 'rejects_in_order', query, pageRows);
}

/** One reject with the header of its file; null when there is none with this id. */
export async function findReject(db: Kysely<Tables>, id: string): Promise<(KeptReject & { header: string[] }) | null> {
  const { rows } = await sql<KeptReject & { header: string[] }>`
    SELECT ${columns}, coalesce(e.header, '[]') AS header
    FROM quarantine q LEFT JOIN extraction_logs e ON e.id = q.source_id WHERE q.id = ${id}::bigint`.execute(db);
  return rows[0] ?? null;
}
