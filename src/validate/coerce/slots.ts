import type { RecordView } from '../../core/record.ts';
import { unitsOf } from './units.ts';

/**
 * A record in the making: its view, and the room for values that are not in the file as they stand. `units` are the
 * digits of each number as one whole number, as `unitsOf` counts them: what reads a number has passed them anyway.
 */
export type Slots = { readonly view: RecordView; readonly units: Float64Array; scratch: Buffer; used: number };

export function createSlots(columnCount: number): Slots {
  return {
    view: {
      rowNumber: 0,
      buffers: Array.from({ length: columnCount }, () => Buffer.alloc(0)),
      starts: new Int32Array(columnCount).fill(-1),
      ends: new Int32Array(columnCount),
      isPlain: new Uint8Array(columnCount),
      hash: '',
      line: null,
    },
    units: new Float64Array(columnCount),
    scratch: Buffer.allocUnsafe(4096),
    used: 0,
  };
}

/** A value that stands in `bytes` just so: nothing is copied. */
export function setRange(slots: Slots, column: number, bytes: Buffer, start: number, end: number, isPlain: 0 | 1): void {
  const view = slots.view;
  view.buffers[column] = bytes;
  view.starts[column] = start;
  view.ends[column] = end;
  view.isPlain[column] = isPlain;
}

/** A value of digits and plain ASCII letters. */
export function setAscii(slots: Slots, column: number, text: string): void {
  const start = room(slots, text.length);
  slots.scratch.write(text, start, 'latin1');
  slots.used = start + text.length;
  setRange(slots, column, slots.scratch, start, slots.used, 1);
}

/** A number as its canonical text. */
export function setNumber(slots: Slots, column: number, text: string): void {
  setAscii(slots, column, text);
  slots.units[column] = unitsOf(slots.scratch, slots.used - text.length, slots.used);
}

export function setNull(slots: Slots, column: number): void {
  slots.view.starts[column] = -1;
}

/** Makes room for `size` bytes and gives their position in `slots.scratch`. Values set before stay where they are. */
export function room(slots: Slots, size: number): number {
  if (slots.used + size > slots.scratch.length) {
    slots.scratch = Buffer.allocUnsafe(Math.max(slots.scratch.length * 2, size));
    slots.used = 0;
  }
  return slots.used;
}
