import type { RejectCode } from '../../core/codes.ts';
import { cellKind } from '../../core/rows.ts';
import type { Cell } from './cell.ts';
import { isoDay, isoTime, parseMomentCell } from './moment.ts';
import { setAscii, type Slots } from './slots.ts';

/**
 * Wall-clock moments as `yyyy-mm-ddThh:mm:ss[.ffffff]`; a day alone is its midnight. An offset or Z is refused:
 * the column has no time zone to put it in. Errors: type-error, out-of-range.
 */
export function coerceTimestamp(cell: Cell, slots: Slots, column: number): RejectCode | null {
  if (cell.kind !== cellKind.text && cell.kind !== cellKind.date) return 'type-error';
  const moment = parseMomentCell(cell);
  if (moment === null) return 'type-error';
  if (moment.year === 0) return 'out-of-range';
  setAscii(slots, column, `${isoDay(moment)}T${isoTime(moment)}`);
  return null;
}
