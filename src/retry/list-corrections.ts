import { sql } from 'kysely';
import { ProjetusError } from '../core/errors.ts';
import type { RejectStatus } from '../db/tables.ts';
import { exportCells } from '../quarantine/export-format.ts';
import { nextSourceId } from '../run/read-sources.ts';
import type { Loading } from '../runs.ts';
import type { CorrectedFile, CorrectedSheet } from './corrected-file.ts';
import { correctedRows, type CorrectedRow } from './corrected-rows.ts';
import { addRetryRows, type RetryRow } from './retry-list.ts';

type Known = { id: string; dataset: string; status: RejectStatus; origin: string; raw: string[]; header: string[] };

type Listing = {
  readonly trx: Loading;
  readonly file: string;
  readonly datasets: readonly string[];
  /** Where each id stands in the file. */
  readonly places: Map<string, string>;
  readonly problems: string[];
  /** By dataset and sheet. */
  readonly sourceIds: Map<string, string>;
};

/** Problems that a person can use at a time. */
const shownProblems = 20;

/**
 * Lists the rejects of a corrected file, under the lines that they have there. Throws `usage` with every row that does
 * not fit: without an id, with one that is unknown, closed, of another dataset or there twice.
 */
export async function listCorrections(trx: Loading, corrected: CorrectedFile, datasets: readonly string[]): Promise<void> {
  const { file, sheets } = corrected;
  const listing: Listing = { trx, file: file.name, datasets, places: new Map(), problems: [], sourceIds: new Map() };
  for (const sheet of sheets) {
    for await (const rows of correctedRows(sheet)) await listRows(listing, sheet, rows);
  }
  const { problems, places } = listing;
  if (problems.length === 0 && places.size > 0) return;
  if (problems.length === 0) throw new ProjetusError('usage', `${file.name} holds no rejects.`, { file: file.name });
  const more = problems.length > shownProblems ? [`… and ${problems.length - shownProblems} more`] : [];
  const lines = [...problems.slice(0, shownProblems), ...more];
  throw new ProjetusError('usage', `${file.name} cannot be taken back; nothing was loaded.\n${lines.join('\n')}`, {
    hint: 'correct these rows, or take them out of the file; the others can be retried without them',
    file: file.name,
  });
}

async function listRows(listing: Listing, sheet: CorrectedSheet, rows: readonly CorrectedRow[]): Promise<void> {
  const filled = rows.filter((row) => !row.isBlank);
  const ids = filled.map(({ id }) => id).filter(isId);
  const known = new Map((await lookUp(listing.trx, ids)).map((reject) => [reject.id, reject]));
  const listed: RetryRow[] = [];
  for (const row of filled) {
    const place = placeOf(sheet, row);
    const reject = known.get(canonical(row.id));
    const problem = problemOf(listing, row, reject);
    if (problem !== null) listing.problems.push(`${place}: ${problem}`);
    if (!reject || problem !== null) continue;
    listing.places.set(reject.id, place);
    const { id, dataset, origin } = reject;
    const sourceId = await sourceIdOf(listing, `${sheet.number} ${dataset}`);
    const isEdited = !isAsExported(sheet, row, reject);
    listed.push({ id, dataset, origin, sourceId, sheet: sheet.number, rowNumber: row.rowNumber, isEdited });
  }
  if (listing.problems.length === 0) await addRetryRows(listing.trx, listed);
}

async function lookUp(trx: Loading, ids: readonly string[]): Promise<readonly Known[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Known>`
    SELECT q.id::text AS id, q.dataset, q.status, q.source_id::text AS origin, q.raw, coalesce(e.header, '[]') AS header
    FROM quarantine q LEFT JOIN extraction_logs e ON e.id = q.source_id WHERE q.id = ANY (${[...ids]}::bigint[])`.execute(trx);
  return rows;
}

function isId(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}

function canonical(id: string): string {
  return isId(id) ? String(BigInt(id)) : id;
}

function placeOf(sheet: CorrectedSheet, row: CorrectedRow): string {
  const name = sheet.table.receipt.sheet;
  return `${name === null ? '' : `sheet "${name}", `}line ${row.rowNumber}`;
}

function problemOf({ datasets, places }: Listing, row: CorrectedRow, reject: Known | undefined): string | null {
  if (row.id === '') return 'the row has no _quarantine_id';
  if (!isId(row.id)) return '_quarantine_id is not a number';
  if (!reject) return `the quarantine has no reject ${row.id}`;
  const before = places.get(reject.id);
  if (before !== undefined) return `reject ${row.id} stands on ${before} already`;
  if (reject.status !== 'open') return `reject ${row.id} is ${reject.status} already`;
  if (!datasets.includes(reject.dataset)) return `reject ${row.id} belongs to ${reject.dataset}, which is not retried`;
  if (row.isMisplaced) return 'the row has more or fewer cells than the header';
  if (row.isEmpty) return `the row of reject ${row.id} is blank; projetus quarantine discard ${row.id} closes it`;
  return null;
}

async function sourceIdOf({ trx, sourceIds }: Listing, place: string): Promise<string> {
  const known = sourceIds.get(place) ?? (await nextSourceId({ trx }));
  sourceIds.set(place, known);
  return known;
}

/**
 * Whether a row came back as it was exported. It is then tried as it was read, with what the export cannot show: cells
 * that were missing, a number that Excel had rounded. Who clears the cell of errors says that the row is right as shown.
 */
function isAsExported(sheet: CorrectedSheet, row: CorrectedRow, { raw, header }: Known): boolean {
  if (row.errors === null || row.errors === '') return false;
  const isSameHeader = header.length === sheet.header.length && header.every((name, index) => name === sheet.header[index]);
  const exported = exportCells(raw, row.cells.length);
  return isSameHeader && exported.length === row.cells.length && exported.every((cell, index) => isSame(cell, row.cells[index]!));
}

/** Excel writes the line breaks in cells in its own way. */
function isSame(exported: string, returned: string): boolean {
  return exported === returned || exported.replace(/\r\n?/g, '\n') === returned.replace(/\r\n?/g, '\n');
}
