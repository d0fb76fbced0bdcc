import type { RejectCode } from '../../core/codes.ts';
import { fold } from '../../core/names.ts';
import { cellKind } from '../../core/rows.ts';
import { textOf, type Cell } from './cell.ts';
import { setRange, type Slots } from './slots.ts';

/** Reads the words below, whatever their case and accents, as `true` or `false`. Error: type-error. */
export function coerceBoolean(cell: Cell, slots: Slots, column: number): RejectCode | null {
  if (cell.kind === cellKind.roundedNumber || cell.kind === cellKind.date) return 'type-error';
  const canonical = wordAt(cell);
  if (canonical === undefined) return 'type-error';
  setRange(slots, column, canonical, 0, canonical.length, 1);
  return null;
}

const yes = Buffer.from('true');
const no = Buffer.from('false');
const words = new Map<string, Buffer>([
  ...['sim', 's', 'true', 't', 'verdadeiro', 'yes', '1'].flatMap((word) => spellings(word, yes)),
  ...['nao', 'não', 'n', 'false', 'f', 'falso', 'no', '0'].flatMap((word) => spellings(word, no)),
]);
/** `verdadeiro`, with room for accents of two bytes and more. */
const longestWordBytes = 24;

function wordAt(cell: Cell): Buffer | undefined {
  if (cell.end - cell.start > longestWordBytes) return undefined;
  const word = textOf(cell);
  return words.get(word) ?? words.get(fold(word));
}

/** The usual spellings are found without folding, which costs ten times a look-up. */
function spellings(word: string, value: Buffer): [string, Buffer][] {
  return [word, word.toUpperCase(), word[0]!.toUpperCase() + word.slice(1)].map((spelling) => [spelling, value]);
}
