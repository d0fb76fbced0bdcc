import { sql } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import type { Profile, SourceReport } from '../core/report.ts';
import { rowTexts, type KnownBytes, type Table } from '../core/rows.ts';
import type { Stager } from '../load/stager.ts';
import { firstRowAfter, firstRows } from '../parse/first-rows.ts';
import { openTable } from '../parse/open-table.ts';
import { createUtf8Check } from '../parse/utf8-check.ts';
import { assertUnchanged, checksum } from '../source/fingerprint.ts';
import type { SourceFile } from '../source/find-sources.ts';
import { matchHeader, type HeaderMatch } from '../validate/header.ts';
import { createValidator, type ValidationTotals } from '../validate/validator.ts';
import type { Examined, ReadingContext, ReadSource, RunContext } from './examined.ts';

/** Takes the checksums of a dataset's files and numbers them; a file with the content of another is left out. */
export async function identifySources(context: RunContext, examined: Examined, files: readonly SourceFile[]): Promise<void> {
  for (const file of files) {
    // The same pass tells the encoding of most files: a pass of its own costs 0.15 s for 430 MB.
    const check = createUtf8Check();
    let firstInvalid: number | null = null;
    const sha256 = await checksum(file, context.job.signal, (bytes) => (firstInvalid ??= check.push(bytes)));
    if (examined.sources.some((source) => source.sha256 === sha256)) examined.report.repeated_files.push(file.name);
    else
      examined.sources.push({
        id: await nextSourceId(context),
        file,
        sha256,
        firstNonUtf8: firstInvalid ?? check.finish(),
        table: null,
        header: null,
        report: emptySourceReport(file, sha256),
      });
  }
  examined.report.sources = examined.sources.map((source) => source.report);
}

export async function nextSourceId(context: Pick<RunContext, 'trx'>): Promise<string> {
  const { rows } = await sql<{ id: string }>`SELECT nextval(pg_get_serial_sequence('extraction_logs', 'id'))::text AS id`.execute(
    context.trx,
  );
  return rows[0]!.id;
}

/** Opens every file and finds its header. */
export async function openSources(context: ReadingContext, examined: Examined): Promise<HeaderMatch[]> {
  const headers: HeaderMatch[] = [];
  const opened: ReadSource[] = [];
  for (const source of examined.sources) {
    const table = await openTable(source.file, examined.dataset.format, context.job.signal, source.firstNonUtf8);
    const header = matchHeader(examined.dataset, await firstRows(table), source.file.name);
    headers.push(header);
    Object.assign(source.report, receiptOf(table, header));
    opened.push({ ...source, table, header: header.names });
  }
  examined.sources = opened;
  return headers;
}

/**
 * Reads one file from its header to its end into the staging tables, and gives the profile of the records that were
 * staged. Lines that are `known` are not. Throws for what is wrong with the file as a whole.
 */
export async function readSource(
  context: ReadingContext,
  dataset: Dataset,
  source: ReadSource,
  header: HeaderMatch,
  stager: Stager,
  known: KnownBytes | null,
): Promise<Profile> {
  stager.startSource(source.id);
  const validator = createValidator({ dataset, header, isRagged: source.table!.isRagged, sink: stager.sink });
  let rows = 0;
  const rowsKnown = known === null ? undefined : { bytes: known, afterRow: header.rowNumber };
  for await (const batch of source.table!.batches(rowsKnown)) {
    context.job.signal.throwIfAborted();
    validator.push(batch, firstRowAfter(batch, header.rowNumber));
    await stager.drain();
    rows += batch.rowCount;
    context.job.onProgress({ phase: 'reading', dataset: dataset.name, file: source.file.name, rows });
  }
  const totals = validator.finish();
  Object.assign(source.report, totalsOf(totals));
  await assertUnchanged(source.file, source.sha256, context.startedAt, context.job.signal);
  if (totals.read === 0) {
    throw new ProjetusError('source-empty', `${source.file.name} has a header and no data rows.`, {
      hint: 'these files always have rows: download it again; yesterday’s data stays as it is',
      file: source.file.name,
      line: header.rowNumber,
    });
  }
  return totals.profile;
}

/** Reads a file once more, for the cells of some rows. */
export async function rereadRows(
  source: ReadSource,
  wanted: { has: (rowNumber: number) => boolean },
  take: (rowNumber: number, cells: string[]) => Promise<void>,
): Promise<void> {
  for await (const batch of source.table!.batches()) {
    for (let row = 0; row < batch.rowCount; row++) {
      if (wanted.has(batch.rowNumbers[row]!)) await take(batch.rowNumbers[row]!, rowTexts(batch, row));
    }
  }
}

export function emptySourceReport(file: SourceFile, sha256: string): SourceReport {
  return {
    file: file.name,
    sha256,
    bytes: file.sizeBytes,
    member: null,
    sheet: null,
    encoding: null,
    delimiter: null,
    header_row: null,
    columns: { mapped: {}, unknown: [], missing: [], renamed: {} },
    blank_rows: 0,
    footer_rows: 0,
    error_cells: {},
    absurd_dates: {},
    damaged_text: { replaced: 0, double_encoded: 0 },
    control_totals: [],
    rows: 0,
    decisions: [],
  };
}

function receiptOf(table: Table, header: HeaderMatch): Partial<SourceReport> {
  const { member, sheet, encoding, delimiter, decisions } = table.receipt;
  const { mapped, unknown, missing, renamed } = header;
  const columns = { mapped, unknown, missing, renamed };
  return {
    member,
    sheet,
    encoding,
    delimiter,
    header_row: header.rowNumber,
    columns,
    decisions: [...decisions, ...header.decisions],
  };
}

function totalsOf(totals: ValidationTotals): Partial<SourceReport> {
  return {
    rows: totals.read,
    blank_rows: totals.blankRows,
    footer_rows: totals.footerRows,
    error_cells: totals.errorCells,
    absurd_dates: totals.absurdDates,
    damaged_text: { replaced: totals.damagedText.replaced, double_encoded: totals.damagedText.doubleEncoded },
    control_totals: totals.controlTotals,
  };
}
