import type { KeptReject } from './kept-rejects.ts';

/** The columns that an export adds to those of the file. A retry finds them by name, wherever they stand. */
export const exportColumns = {
  id: '_quarantine_id',
  file: '_quarantine_file',
  sheet: '_quarantine_sheet',
  line: '_quarantine_line',
  errors: '_quarantine_errors',
} as const;

/** Begins the names of the columns for cells beyond the header, of rows that are too long. */
const extraPrefix = '_quarantine_extra_';

/** One table of an export: rejects of one dataset, from files with one header. */
export type ExportTable = {
  readonly dataset: string;
  readonly header: readonly string[];
  /** The files that have this header. */
  readonly sourceIds: readonly string[];
  readonly rejects: number;
  /** Cells of the longest row. */
  readonly width: number;
  /** The newest reject: those that a run adds meanwhile are left out. */
  readonly lastId: string;
};

/** The rows of a table of the export, page by page. */
export type ExportPages = (table: ExportTable) => AsyncIterable<readonly KeptReject[]>;

export function exportHeader({ header, width }: ExportTable): string[] {
  const extras = Array.from({ length: Math.max(0, width - header.length) }, (_, index) => `${extraPrefix}${index + 1}`);
  const { id, file, sheet, line, errors } = exportColumns;
  return [id, ...header.map(guard), ...extras, file, sheet, line, errors];
}

export function exportRow(reject: KeptReject, width: number): string[] {
  const errors = reject.errors.map(({ code, message }) => `[${code}] ${message}`).join('; ');
  const own = [reject.source_file, reject.sheet ?? '', String(reject.row_number), errors].map(guard);
  return [reject.id, ...exportCells(reject.raw, width), ...own];
}

/** The cells of a row as an export shows them, filled up with blanks. */
export function exportCells(raw: readonly string[], width: number): string[] {
  return Array.from({ length: Math.max(raw.length, width) }, (_, index) => guard(raw[index] ?? ''));
}

/** `id` and the others, or `extra`, when the column is one of ours; null for a column of the file. */
export function exportColumnOf(name: string): keyof typeof exportColumns | 'extra' | null {
  if (name.startsWith(extraPrefix)) return 'extra';
  const found = Object.entries(exportColumns).find(([, column]) => column === name);
  return found ? (found[0] as keyof typeof exportColumns) : null;
}

/** What a spreadsheet takes for a formula (OWASP, CSV injection), after any apostrophes. */
const formula = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
/** `-1.234,56`, `+5`: a number whatever is done with it. */
const plainNumber = /^[-+]?\d[\d.,]*$/;
const guarded = /^'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/**
 * An apostrophe before what a spreadsheet would run as a formula, in .xlsx too, which people save as .csv. `unguard`
 * takes away one apostrophe before such a sign, so the cell comes back exactly: one that began with apostrophes got one
 * more. Plain numbers stay as they are: people have to be able to sum them.
 */
export function guard(text: string): string {
  return formula.test(text) && !plainNumber.test(text) ? `'${text}` : text;
}

export function unguard(text: string): string {
  return guarded.test(text) ? text.slice(1) : text;
}
