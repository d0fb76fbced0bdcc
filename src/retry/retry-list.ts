import { sql, type Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';
import { meets, type RejectFilter } from '../quarantine/reject-filter.ts';
import { nextSourceId } from '../run/read-sources.ts';
import type { Loading } from '../runs.ts';

/**
 * The rejects that are tried, one row each, for as long as the transaction. `origin` is the file that the reject came
 * from, `source_id` and `row_number` the place that its values get in lineage; both tell a staged row's reject.
 */
export async function createRetryList(trx: Kysely<Tables>): Promise<void> {
  await sql`
    CREATE TEMP TABLE _retry (
      quarantine_id bigint PRIMARY KEY, dataset text NOT NULL, origin bigint NOT NULL, source_id bigint NOT NULL, sheet int,
      row_number int NOT NULL, is_edited boolean NOT NULL, key text, outcome text, note text
    ) ON COMMIT DROP`.execute(trx);
}

export type RetryRow = {
  readonly id: string;
  readonly dataset: string;
  readonly origin: string;
  readonly sourceId: string;
  readonly sheet: number | null;
  readonly rowNumber: number;
  readonly isEdited: boolean;
};

export async function addRetryRows(trx: Kysely<Tables>, rows: readonly RetryRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    INSERT INTO _retry (quarantine_id, dataset, origin, source_id, sheet, row_number, is_edited)
    SELECT * FROM unnest(
      ${rows.map((row) => row.id)}::bigint[], ${rows.map((row) => row.dataset)}::text[], ${rows.map((row) => row.origin)}::bigint[],
      ${rows.map((row) => row.sourceId)}::bigint[], ${rows.map((row) => row.sheet)}::int[],
      ${rows.map((row) => row.rowNumber)}::int[], ${rows.map((row) => row.isEdited)}::boolean[])`.execute(trx);
}

/** Lists the open rejects that meet the filter, under the files and lines that they came from. */
export async function listOpenRejects(trx: Loading, filter: RejectFilter): Promise<void> {
  const { rows } = await sql<{ dataset: string; origin: string }>`
    SELECT DISTINCT q.dataset, q.source_id::text AS origin FROM quarantine q WHERE ${meets(filter)} ORDER BY 1, 2`.execute(trx);
  for (const { dataset, origin } of rows) {
    const sourceId = await nextSourceId({ trx });
    await sql`
      INSERT INTO _retry (quarantine_id, dataset, origin, source_id, row_number, is_edited)
      SELECT q.id, q.dataset, q.source_id, ${sourceId}::bigint, q.row_number, false FROM quarantine q
      WHERE ${meets(filter)} AND q.dataset = ${dataset} AND q.source_id = ${origin}::bigint`.execute(trx);
  }
}

export async function listedDatasets(trx: Kysely<Tables>): Promise<string[]> {
  const { rows } = await sql<{ dataset: string }>`SELECT DISTINCT dataset FROM _retry`.execute(trx);
  return rows.map(({ dataset }) => dataset);
}

/** Called when the list is whole: without statistics its joins would be nested loops over all of it. */
export async function prepareRetryList(trx: Kysely<Tables>): Promise<void> {
  await sql`CREATE UNIQUE INDEX ON _retry (source_id, row_number)`.execute(trx);
  await sql`ANALYZE _retry`.execute(trx);
}
