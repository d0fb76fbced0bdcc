import type { RejectCode } from '../../core/codes.ts';
import type { ColumnType, Format } from '../../core/dataset.ts';
import { coerceBoolean } from './boolean.ts';
import type { Cell } from './cell.ts';
import { coerceDate } from './date.ts';
import { decimalCoercer } from './decimal.ts';
import { integerCoercer } from './integer.ts';
import type { Slots } from './slots.ts';
import { coerceText } from './text.ts';
import { coerceTimestamp } from './timestamp.ts';

/** Sets the canonical value of a cell that is neither blank nor an error, or says why it has none. */
export type Coercer = (cell: Cell, slots: Slots, column: number) => RejectCode | null;

export function coercerOf(type: ColumnType, decimal: Format['decimal']): Coercer {
  switch (type.kind) {
    case 'integer':
      return integerCoercer(decimal);
    case 'decimal':
      return decimalCoercer(type.precision, type.scale, decimal);
    default:
      return simple[type.kind];
  }
}

const simple = { text: coerceText, date: coerceDate, timestamp: coerceTimestamp, boolean: coerceBoolean } as const;
