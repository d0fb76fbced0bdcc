import { sql } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import type { Reject, RowError } from '../core/record.ts';
import { cellKind, type RowBatch } from '../core/rows.ts';
import { pagesOf } from '../db/pages.ts';
import type { Loading } from '../runs.ts';
import type { HeaderMatch } from '../validate/header.ts';
import { cellError } from '../validate/messages.ts';
import { rowBatch, type BatchRow } from './row-batch.ts';

/** Rejects of one file, to be tried as they were read. */
export type StoredRows = {
  readonly sourceId: string;
  readonly origin: string;
  readonly isWorkbook: boolean;
};

type StoredRow = { row_number: number; raw: string[]; errors: RowError[] };

const pageRows = 500;

/** The rows as batches, and beside them those whose cells can no longer be understood for sure. */
export async function* storedRows(
  trx: Loading,
  dataset: Dataset,
  { sourceId, origin, isWorkbook }: StoredRows,
  header: HeaderMatch,
): AsyncGenerator<{ batch: RowBatch; doubtful: Reject[] }> {
  const query = sql<StoredRow>`
    SELECT r.row_number, q.raw, q.errors FROM _retry r JOIN quarantine q ON q.id = r.quarantine_id
    WHERE r.source_id = ${sourceId}::bigint AND r.origin = ${origin}::bigint AND NOT r.is_edited ORDER BY r.row_number`;
  for await (const rows of pagesOf(trx, 'stored_rows', query, pageRows)) {
    const read = rows.map((row) => ({ row, doubt: isWorkbook ? doubtOf(dataset, header, row) : null }));
    yield {
      batch: rowBatch(read.filter(({ doubt }) => doubt === null).map(({ row }) => asRead(header, isWorkbook, dataset, row))),
      doubtful: read.flatMap(({ row, doubt }) =>
        doubt === null ? [] : [{ rowNumber: row.row_number, cells: row.raw, errors: [doubt], key: null }],
      ),
    };
  }
}

/** The row with what the quarantine's text alone does not say; its errors do. */
function asRead(header: HeaderMatch, isWorkbook: boolean, dataset: Dataset, { row_number, raw, errors }: StoredRow): BatchRow {
  const cells = raw.map((text) => ({ bytes: Buffer.from(text), kind: cellKind.text as number }));
  const codeAt = new Map(errors.map(({ code, column, value }) => [cellOf(header, column), { code, value }]));
  for (const [position, cell] of cells.entries()) {
    const error = codeAt.get(position);
    const code = error?.value === raw[position] ? error?.code : undefined;
    // The workbook's number had lost its last digits: as text it would pass.
    if (code === 'number-imprecise') cell.kind = cellKind.roundedNumber;
    // U+0000 is kept as U+2400, half a surrogate as U+FFFD.
    if (code === 'character-invalid') cell.bytes = Buffer.from(raw[position]!.replaceAll(/[\u2400\ufffd]/g, '\u0000'));
    if (isWorkbook && isNumberThere(dataset, header, position, raw[position]!, code)) cell.kind = cellKind.number;
  }
  return { rowNumber: row_number, isMalformed: errors.some(({ code }) => code === 'quote-malformed'), cells };
}

function cellOf(header: HeaderMatch, column: string | null): number {
  const index = header.shape.columns.findIndex(({ name }) => name === column);
  return index < 0 ? -1 : header.cellOfColumn[index]!;
}

function isNumeric(header: HeaderMatch, position: number): boolean {
  const kind = header.shape.columns[header.cellOfColumn.indexOf(position)]?.type.kind;
  return kind === 'decimal' || kind === 'integer';
}

/**
 * With `decimal: ","` a workbook's number 1234.5 and a text of the same signs are not the same, and the quarantine holds
 * the signs. A text of them would have been refused, and its error says so.
 */
function isNumberThere(dataset: Dataset, header: HeaderMatch, position: number, text: string, code?: string): boolean {
  return dataset.format.decimal === ',' && isNumeric(header, position) && /^-?\d+\.\d+$/.test(text) && code !== 'type-error';
}

/** `1.234` may have been the number, or the text for one thousand two hundred and thirty-four. */
function doubtOf(dataset: Dataset, header: HeaderMatch, { raw }: StoredRow): RowError | null {
  if (dataset.format.decimal !== ',') return null;
  const position = raw.findIndex((text, index) => /^-?\d{1,3}(\.\d{3})+$/.test(text) && isNumeric(header, index));
  if (position < 0) return null;
  const column = header.shape.columns[header.cellOfColumn.indexOf(position)]!;
  const error = cellError('type-error', column, raw[position]!);
  return {
    ...error,
    message: `${column.name}: a number or a text, the quarantine cannot tell; write it with a comma and give it back with --from`,
  };
}
