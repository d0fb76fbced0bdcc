import { ProjetusError } from '../../core/errors.ts';
import { fold } from '../../core/names.ts';
import type { SourceFile } from '../inflate.ts';

export type Sheet = { readonly name: string; readonly isHidden: boolean };

export type SheetChoice = {
  /** Position among all sheets, from 0. */
  readonly index: number;
  /** Sentences for the receipt. */
  readonly decisions: readonly string[];
};

/**
 * Chooses a sheet by its 1-based position among the visible ones, or by its name: exactly, else without accents and
 * case. A hidden sheet is read only when it is named. Throws ProjetusError `sheet-missing`.
 */
export function chooseSheet(file: SourceFile, sheets: readonly Sheet[], wanted: number | string): SheetChoice {
  const visible = sheets.filter((sheet) => !sheet.isHidden);
  const hidden = sheets.filter((sheet) => sheet.isHidden);
  const chosen = typeof wanted === 'number' ? visible[wanted - 1] : byName(sheets, wanted);
  if (chosen === undefined) throw sheetMissing(file, visible, hidden, wanted);
  const decisions = [`sheet "${chosen.name}": ${reason(chosen, visible, wanted)}`];
  if (hidden.length > 0) decisions.push(`hidden sheets are not counted: ${quoted(hidden)}`);
  return { index: sheets.indexOf(chosen), decisions };
}

function byName(sheets: readonly Sheet[], wanted: string): Sheet | undefined {
  return sheets.find((sheet) => sheet.name === wanted) ?? sheets.find((sheet) => fold(sheet.name.trim()) === fold(wanted.trim()));
}

function reason(chosen: Sheet, visible: readonly Sheet[], wanted: number | string): string {
  if (typeof wanted === 'string') return `the configuration names it${chosen.isHidden ? '; it is hidden' : ''}`;
  if (visible.length === 1) return 'the only visible sheet';
  return `number ${wanted} of ${visible.length} visible sheets (${quoted(visible)})`;
}

function sheetMissing(
  file: SourceFile,
  visible: readonly Sheet[],
  hidden: readonly Sheet[],
  wanted: number | string,
): ProjetusError {
  const what = typeof wanted === 'number' ? `visible sheet number ${wanted}` : `sheet "${wanted}"`;
  const sheets = visible.length === 0 ? 'no visible sheets' : `the sheets ${quoted(visible)}`;
  const message = `${file.name} has no ${what}; it has ${sheets}${hidden.length > 0 ? `, and hidden ${quoted(hidden)}` : ''}`;
  const example = visible[0] ?? hidden[0];
  const hint =
    example === undefined
      ? 'the workbook holds no worksheet'
      : `say which in the configuration: format: { sheet: "${example.name}" }`;
  return new ProjetusError('sheet-missing', message, { file: file.name, hint });
}

/** The names, at most 20 of them. */
function quoted(sheets: readonly Sheet[]): string {
  const names = sheets.slice(0, 20).map((sheet) => `"${sheet.name}"`);
  return names.join(', ') + (sheets.length > 20 ? ', …' : '');
}
