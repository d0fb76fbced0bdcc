import type { Dataset } from '../core/dataset.ts';
import type { RowError } from '../core/record.ts';
import { readHeader } from '../validate/header-cell.ts';
import { positionsOf } from '../validate/header-columns.ts';

const mask = '***';

/** Errors of a row whose cells may have slipped under another header. */
const misplaced: ReadonlySet<string> = new Set(['row-short', 'row-long', 'quote-malformed']);

/** The errors without personal data. Of a dataset that is no longer configured nobody knows what is personal: all is. */
export function maskErrors(errors: readonly RowError[], dataset: Dataset | undefined): RowError[] {
  const personal = personalColumns(dataset);
  return errors.map((error) => {
    const isPersonal = personal === null || personal.some(({ name }) => name === error.column);
    return isPersonal && error.value !== null ? { ...error, value: mask } : error;
  });
}

/**
 * The cells without personal data: those under the header of a column of format cpf. Where cells may have slipped, a
 * dataset that has such a column shows none of them.
 */
export function maskCells(
  cells: readonly string[],
  header: readonly string[],
  errors: readonly RowError[],
  dataset: Dataset | undefined,
): string[] {
  const personal = personalColumns(dataset);
  const hidesAll = personal === null || (personal.length > 0 && errors.some(({ code }) => misplaced.has(code)));
  const named = readHeader(header);
  const positions = new Set(personal?.flatMap((column) => positionsOf(column.from, named)));
  return cells.map((cell, index) => (cell !== '' && (hidesAll || positions.has(index)) ? mask : cell));
}

function personalColumns(dataset: Dataset | undefined) {
  return dataset?.columns.filter((column) => column.keywords.format === 'cpf') ?? null;
}
