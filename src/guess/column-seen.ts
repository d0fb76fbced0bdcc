import type { Format } from '../core/dataset.ts';
import type { RowBatch } from '../core/rows.ts';
import { cellKind } from '../core/rows.ts';
import { coerceBoolean } from '../validate/coerce/boolean.ts';
import { cellState, textOf, type Cell, type CellReader } from '../validate/coerce/cell.ts';
import { coerceDate } from '../validate/coerce/date.ts';
import { createSlots, type Slots } from '../validate/coerce/slots.ts';
import { coerceText } from '../validate/coerce/text.ts';
import { coerceTimestamp } from '../validate/coerce/timestamp.ts';
import { formats } from '../validate/formats.ts';
import { noNumbersSeen, seeNumber, seeSigns, type NumbersSeen, type SignsSeen } from './number-style.ts';

/** What was seen of a column's cells, by the coercers that a run will read them with. */
export type ColumnSeen = {
  values: number;
  errors: number;
  numbers: Record<Format['decimal'], NumbersSeen>;
  signs: SignsSeen;
  /** Values that each coercer and format took. */
  readonly taken: Record<'text' | 'date' | 'timestamp' | 'boolean' | 'cnpj' | 'cpf' | 'uf', number>;
  leadingZeros: number;
};

export function nothingSeen(): ColumnSeen {
  return {
    values: 0,
    errors: 0,
    numbers: noNumbersSeen(),
    signs: { commas: 0, points: 0, unclear: 0 },
    taken: { text: 0, date: 0, timestamp: 0, boolean: 0, cnpj: 0, cpf: 0, uf: 0 },
    leadingZeros: 0,
  };
}

const coercers = { text: coerceText, date: coerceDate, timestamp: coerceTimestamp, boolean: coerceBoolean } as const;
const kinds = ['text', 'date', 'timestamp', 'boolean'] as const;
const ownFormats = ['cnpj', 'cpf', 'uf'] as const;
const slots: Slots = createSlots(1);

export function seeCell(seen: ColumnSeen, { cell, read }: CellReader, batch: RowBatch, index: number): void {
  const state = read(batch, index);
  if (state === cellState.error) seen.errors++;
  if (state !== cellState.value) return;
  seen.values++;
  for (const kind of kinds) if (isTaken(cell, kind)) seen.taken[kind]++;
  seeNumber(cell, seen.numbers);
  if (seen.numbers.auto.isNumber) seeSigns(cell, seen.signs);
  if (cell.kind !== cellKind.text) return;
  const text = textOf(cell);
  for (const format of ownFormats) if (formats[format](text)) seen.taken[format]++;
  if (/^0\d/.test(text)) seen.leadingZeros++;
}

function isTaken(cell: Cell, kind: keyof typeof coercers): boolean {
  slots.used = 0;
  return coercers[kind](cell, slots, 0) === null;
}
