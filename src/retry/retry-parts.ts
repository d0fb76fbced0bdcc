import { sql } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import type { Reject } from '../core/record.ts';
import type { RowBatch, Table } from '../core/rows.ts';
import { emptySourceReport } from '../run/read-sources.ts';
import type { ReadSource } from '../run/examined.ts';
import type { Loading } from '../runs.ts';
import { matchHeader, type HeaderMatch } from '../validate/header.ts';
import type { CorrectedFile, CorrectedSheet } from './corrected-file.ts';
import { ownCells } from './corrected-rows.ts';
import { storedRows } from './stored-rows.ts';

/** Rows of one dataset with one header: rejects as they were read, or corrected rows of a sheet. */
export type RetryPart = {
  readonly sourceId: string;
  readonly fileName: string;
  readonly header: HeaderMatch;
  readonly isRagged: boolean;
  /** `header` is the part's own, or the same over the columns of all parts. */
  readonly read: (header: HeaderMatch) => AsyncIterable<{ batch: RowBatch; doubtful: readonly Reject[] }>;
};

/** Everything that is tried of one dataset. Throws what `matchHeader` throws for a header that no longer fits. */
export async function retryParts(trx: Loading, dataset: Dataset, corrected: CorrectedFile | null): Promise<RetryPart[]> {
  const parts = await storedParts(trx, dataset);
  for (const sheet of corrected?.sheets ?? []) parts.push(...(await correctedParts(trx, dataset, corrected!, sheet)));
  return parts;
}

type StoredPart = { sourceId: string; origin: string; file: string; sheet: string | null; header: string[] };

async function storedParts(trx: Loading, dataset: Dataset): Promise<RetryPart[]> {
  const { rows } = await sql<StoredPart>`
    SELECT r.source_id::text AS "sourceId", r.origin::text AS origin, e.source_file AS file, e.sheet, coalesce(e.header, '[]') AS header
    FROM (SELECT DISTINCT source_id, origin FROM _retry WHERE dataset = ${dataset.name} AND NOT is_edited) r
    JOIN extraction_logs e ON e.id = r.origin ORDER BY r.source_id, r.origin`.execute(trx);
  return rows.map(({ sourceId, origin, file, sheet, header }) => ({
    sourceId,
    fileName: file,
    header: headerOf(dataset, header, file),
    isRagged: sheet !== null,
    read: (merged) => storedRows(trx, dataset, { sourceId, origin, isWorkbook: sheet !== null }, merged),
  }));
}

async function correctedParts(
  trx: Loading,
  dataset: Dataset,
  { file }: CorrectedFile,
  sheet: CorrectedSheet,
): Promise<RetryPart[]> {
  const { rows } = await sql<{ source_id: string; row_number: number }>`
    SELECT source_id::text AS source_id, row_number FROM _retry
    WHERE dataset = ${dataset.name} AND sheet = ${sheet.number} AND is_edited`.execute(trx);
  if (rows.length === 0) return [];
  const wanted = new Set(rows.map((row) => row.row_number));
  const header = headerOf(dataset, sheet.header, file.name);
  // Not ragged: the rows are whole, and one with more cells than the header is still too long.
  return [{ sourceId: rows[0]!.source_id, fileName: file.name, header, isRagged: false, read: () => batchesOf(sheet, wanted) }];
}

async function* batchesOf(sheet: CorrectedSheet, wanted: ReadonlySet<number>) {
  for await (const batch of ownCells(sheet, wanted)) yield { batch, doubtful: [] };
}

function headerOf(dataset: Dataset, header: readonly string[], file: string): HeaderMatch {
  const { headerRow } = dataset.format;
  return matchHeader(dataset, [{ rowNumber: headerRow === 'auto' ? 1 : headerRow, cells: header }], file);
}

/** The parts as sources of a run, so that rows which only the database refuses can be read again by their numbers. */
export function sourcesOf(parts: readonly RetryPart[]): ReadSource[] {
  const ids = [...new Set(parts.map((part) => part.sourceId))];
  return ids.map((id) => {
    const own = parts.filter((part) => part.sourceId === id);
    const name = own[0]!.fileName;
    const file = { name, path: name, sizeBytes: 0, modifiedAtMs: 0, changedAtMs: 0 };
    return { id, file, sha256: '', table: tableOf(own), header: null, report: emptySourceReport(file, '') };
  });
}

function tableOf(parts: readonly RetryPart[]): Table {
  const receipt = { format: 'csv', member: null, sheet: null, encoding: null, delimiter: null, decisions: [] } as const;
  return { receipt, isRagged: true, batches: () => allBatches(parts) };
}

async function* allBatches(parts: readonly RetryPart[]): AsyncGenerator<RowBatch> {
  for (const part of parts) for await (const { batch } of part.read(part.header)) yield batch;
}
