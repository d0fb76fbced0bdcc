import type { RejectCode } from '../../core/codes.ts';
import { cellKind } from '../../core/rows.ts';
import type { Cell } from './cell.ts';
import { setRange, type Slots } from './slots.ts';
import { bytes } from './white-space.ts';

/**
 * Text is taken exactly, as a range of the file's bytes. A number of a workbook is its plain text, a date its ISO text.
 * Errors: number-imprecise, character-invalid.
 */
export function coerceText(cell: Cell, slots: Slots, column: number): RejectCode | null {
  if (cell.isPlain) {
    setRange(slots, column, cell.bytes, cell.start, cell.end, 1);
    return null;
  }
  if (cell.kind === cellKind.roundedNumber) return 'number-imprecise';
  const found = scan(cell.bytes, cell.start, cell.end);
  if (found & holdsZero) return 'character-invalid';
  if (found & mayHoldSurrogate && holdsSurrogate(cell)) return 'character-invalid';
  setRange(slots, column, cell.bytes, cell.start, cell.end, found & needsEscape ? 0 : 1);
  return null;
}

const needsEscape = 1;
const holdsZero = 2;
const mayHoldSurrogate = 4;

/** What each byte asks for; 0 for nearly all of them, so that a text is one pass of ORs. */
const attention = new Uint8Array(256);
for (let byte = 0; byte < bytes.space; byte++) attention[byte] = needsEscape;
attention[bytes.quote] = needsEscape;
attention[bytes.backslash] = needsEscape;
attention[0] = needsEscape | holdsZero;
attention[0xed] = mayHoldSurrogate;

function scan(text: Buffer, start: number, end: number): number {
  let found = 0;
  for (let i = start; i < end; i++) found |= attention[text[i]!]!;
  return found;
}

/** ED begins U+D000 to U+DFFF; those from ED A0 on are halves of surrogate pairs. */
function holdsSurrogate(cell: Cell): boolean {
  for (let at = cell.bytes.indexOf(0xed, cell.start); at >= 0 && at < cell.end; at = cell.bytes.indexOf(0xed, at + 1)) {
    if (cell.bytes[at + 1]! >= 0xa0) return true;
  }
  return false;
}
