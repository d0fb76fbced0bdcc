import type { Format } from '../core/dataset.ts';
import { cellKind } from '../core/rows.ts';
import { textOf, type Cell } from '../validate/coerce/cell.ts';
import { parseNumberCell } from '../validate/coerce/number-text.ts';

export const styles = ['auto', ',', '.'] as const satisfies readonly Format['decimal'][];

/** What the cells of a column are as numbers, under one notation. */
export type NumbersSeen = {
  isWhole: boolean;
  isNumber: boolean;
  /** Digits before and behind the decimal sign, at most. */
  wholeDigits: number;
  scale: number;
};

/** How the numbers of a column are written, over those that say so. */
export type SignsSeen = { commas: number; points: number; unclear: number };

export function noNumbersSeen(): Record<Format['decimal'], NumbersSeen> {
  const one = () => ({ isWhole: true, isNumber: true, wholeDigits: 0, scale: 0 });
  return { auto: one(), ',': one(), '.': one() };
}

export function seeNumber(cell: Cell, seen: Record<Format['decimal'], NumbersSeen>): void {
  for (const style of styles) {
    const numbers = seen[style];
    if (!numbers.isNumber) continue;
    const value = parseNumberCell(cell, style);
    if (value === null) {
      numbers.isNumber = numbers.isWhole = false;
      continue;
    }
    const digits = (value.units < 0n ? -value.units : value.units).toString().length;
    numbers.scale = Math.max(numbers.scale, value.scale);
    numbers.wholeDigits = Math.max(numbers.wholeDigits, digits - value.scale);
    numbers.isWhole &&= value.scale === 0;
  }
}

/** Workbooks hold numbers, not the way in which they were written. */
export function seeSigns(cell: Cell, signs: SignsSeen): void {
  if (cell.kind !== cellKind.text) return;
  const text = textOf(cell);
  if (text.includes(',')) signs.commas++;
  // 1.234 is a thousand in one file and little more than one in another.
  else if (/^\D*\d{1,3}(?:\.\d{3})+\D*$/.test(text)) signs.unclear++;
  else if (text.includes('.')) signs.points++;
}

/** The notation of a file whose numbers leave no doubt, else auto. */
export function styleOf({ commas, points }: SignsSeen): Format['decimal'] {
  if (commas > 0 && points === 0) return ',';
  return points > 0 && commas === 0 ? '.' : 'auto';
}
