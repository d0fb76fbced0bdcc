import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import type { RejectReport } from '../core/report.ts';
import type { RowError } from '../core/record.ts';
import type { Tables } from '../db/tables.ts';

/** Rejects with occurrence numbers: the identity of a reject is dataset, hash of its cells and occurrence. */
export const numberedRejects = (refused: string) => sql`
  SELECT *, row_number() OVER (PARTITION BY raw_hash ORDER BY source_id, row_number)::int AS occurrence
  FROM ${sql.id(refused)} WHERE outcome = 'rejected'`;

/** How many of today's rejects the quarantine does not hold yet. */
export async function countNewRejects(trx: Kysely<Tables>, dataset: Dataset, refused: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM (${numberedRejects(refused)}) r
    WHERE NOT EXISTS (
      SELECT FROM quarantine q WHERE q.dataset = ${dataset.name} AND q.raw_hash = r.raw_hash AND q.occurrence = r.occurrence
    )`.execute(trx);
  return rows[0]!.n;
}

/**
 * Keeps today's rejects that are not known yet, in whatever status. One that came back after it was gone is open again,
 * as of today's file: whether a record is newer than a reject is told by their files.
 */
export async function keepRejects(trx: Kysely<Tables>, dataset: Dataset, refused: string, runId: string): Promise<void> {
  await sql`
    INSERT INTO quarantine (run_id, dataset, source_id, source_file, sheet, row_number, raw, raw_hash, occurrence, errors)
    SELECT ${runId}, ${dataset.name}, r.source_id, e.source_file, e.sheet, r.row_number, r.raw, r.raw_hash, r.occurrence, r.errors
    FROM (${numberedRejects(refused)}) r JOIN extraction_logs e ON e.id = r.source_id
    WHERE NOT EXISTS (
      SELECT FROM quarantine q WHERE q.dataset = ${dataset.name} AND q.raw_hash = r.raw_hash AND q.occurrence = r.occurrence
    )
    ORDER BY r.source_id, r.row_number`.execute(trx);
  await sql`
    UPDATE quarantine q SET status = 'open', run_id = ${runId}, source_id = r.source_id, source_file = e.source_file,
      sheet = e.sheet, row_number = r.row_number, errors = r.errors
    FROM (${numberedRejects(refused)}) r JOIN extraction_logs e ON e.id = r.source_id
    WHERE q.dataset = ${dataset.name} AND q.raw_hash = r.raw_hash AND q.occurrence = r.occurrence AND q.status = 'gone'`.execute(
    trx,
  );
}

/** Open rejects that a full snapshot no longer has. */
export async function closeGoneRejects(trx: Kysely<Tables>, dataset: Dataset, refused: string): Promise<void> {
  await sql`
    UPDATE quarantine q SET status = 'gone'
    WHERE q.dataset = ${dataset.name} AND q.status = 'open'
      AND NOT EXISTS (SELECT FROM (${numberedRejects(refused)}) r WHERE r.raw_hash = q.raw_hash AND r.occurrence = q.occurrence)`.execute(
    trx,
  );
}

/** The first rejects of today, in the order of files and lines. */
export async function firstRejects(
  trx: Kysely<Tables>,
  refused: string,
  sources: ReadonlyMap<string, { file: string; sheet: string | null }>,
  limit: number,
): Promise<RejectReport[]> {
  const { rows } = await sql<{ source_id: string; row_number: number; errors: RowError[] }>`
    SELECT source_id::text AS source_id, row_number, errors FROM ${sql.id(refused)} WHERE outcome = 'rejected'
    ORDER BY ${sql.ref(`${refused}.source_id`)}, row_number LIMIT ${limit}`.execute(trx);
  return rows
    .flatMap(({ source_id, row_number, errors }) =>
      errors.map((error) => {
        const source = sources.get(source_id)!;
        return {
          file: source.file,
          sheet: source.sheet,
          row: row_number,
          column: error.column,
          code: error.code,
          value: error.value,
          message: error.message,
        };
      }),
    )
    .slice(0, limit);
}
