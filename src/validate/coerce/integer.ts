import type { RejectCode } from '../../core/codes.ts';
import { cellKind } from '../../core/rows.ts';
import type { Cell } from './cell.ts';
import { rescale } from './exact.ts';
import { parseNumberCell, type Notation } from './number-text.ts';
import { setNumber, setRange, type Slots } from './slots.ts';
import { bytes } from './white-space.ts';

/** Whole numbers of 64 bits, canonical without leading zeros. Errors: type-error, out-of-range, number-imprecise. */
export function integerCoercer(notation: Notation) {
  return (cell: Cell, slots: Slots, column: number): RejectCode | null => {
    if (setPlainInteger(cell, slots, column)) return null;
    if (cell.kind === cellKind.roundedNumber) return 'number-imprecise';
    const number = parseNumberCell(cell, notation);
    const units = number === null ? null : rescale(number, 0);
    if (units === null) return 'type-error';
    if (BigInt.asIntN(64, units) !== units) return 'out-of-range';
    setNumber(slots, column, units.toString());
    return null;
  };
}

/** 18 digits always fit 64 bits. */
const safeDigits = 18;

/** The fast path: `-123`, `0`, `007` (its zeros are left out of the range). */
function setPlainInteger(cell: Cell, slots: Slots, column: number): boolean {
  if (cell.kind !== cellKind.text && cell.kind !== cellKind.number) return false;
  const { bytes: text, end } = cell;
  const isNegative = text[cell.start] === bytes.minus;
  let first = isNegative ? cell.start + 1 : cell.start;
  if (first === end || end - first > safeDigits) return false;
  let units = 0;
  for (let i = first; i < end; i++) {
    const digit = text[i]! - bytes.zero;
    if (!(digit >= 0 && digit <= 9)) return false;
    units = units * 10 + digit;
  }
  if (isNegative && text[first] === bytes.zero) return false;
  while (text[first] === bytes.zero && first < end - 1) first++;
  setRange(slots, column, text, isNegative ? cell.start : first, end, 1);
  slots.units[column] = isNegative ? -units : units;
  return true;
}
