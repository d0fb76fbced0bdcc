import { cellKind, type RowBatch } from '../../core/rows.ts';
import { bytes, mayBeginWhite, trimEnd, trimStart } from './white-space.ts';

/**
 * One cell without its outer white space. Refilled for each cell, so that no object is made per cell. `isPlain` is true
 * where the batch says that each byte was looked at.
 */
export type Cell = { bytes: Buffer; start: number; end: number; kind: number; isPlain: boolean };

export const cellState = { blank: 0, error: 1, value: 2 } as const;
export type CellState = (typeof cellState)[keyof typeof cellState];

/** Fills `cell` from a batch and says whether it holds a value, nothing, or the error of a spreadsheet. */
export type CellReader = { readonly cell: Cell; readonly read: (batch: RowBatch, index: number) => CellState };

/** `nullWords` mean a blank, compared after trimming, letter by letter. */
export function createCellReader(nullWords: readonly string[]): CellReader {
  const cell: Cell = { bytes: Buffer.alloc(0), start: 0, end: 0, kind: cellKind.text, isPlain: false };
  const isNullWord = nullWordTest(nullWords);
  const unusualFirst = unusualFirstBytes(nullWords);
  const read = (batch: RowBatch, index: number): CellState => {
    cell.bytes = batch.bytes;
    cell.start = batch.cellStarts[index]!;
    cell.end = batch.cellEnds[index]!;
    cell.kind = batch.cellKinds[index]!;
    cell.isPlain = batch.cellPlain !== undefined && batch.cellPlain[index] === 1;
    if (cell.kind === cellKind.quoted) unquote(cell);
    if (cell.start === cell.end) return cellState.blank;
    // Nearly every cell is done here.
    const isUsual = unusualFirst[cell.bytes[cell.start]!] === 0 && unusualLast[cell.bytes[cell.end - 1]!] === 0;
    if (isUsual && cell.kind !== cellKind.error) return cellState.value;
    cell.start = trimStart(cell.bytes, cell.start, cell.end);
    cell.end = trimEnd(cell.bytes, cell.start, cell.end);
    if (cell.start === cell.end) return cellState.blank;
    if (cell.kind === cellKind.error || isErrorText(cell)) return cellState.error;
    return isNullWord(cell) ? cellState.blank : cellState.value;
  };
  return { cell, read };
}

/** True when a cell holds nothing but white space. Null words and errors are not white space. */
export function isWhite(batch: RowBatch, index: number): boolean {
  const end = batch.cellEnds[index]!;
  return trimStart(batch.bytes, batch.cellStarts[index]!, end) === end;
}

/** The text of a cell whose bytes have been read. */
export function textOf(cell: Cell): string {
  return cell.bytes.toString('utf8', cell.start, cell.end);
}

/** Into a buffer of its own: such cells are rare, and a value may be kept until its row is done. */
function unquote(cell: Cell): void {
  const plain = Buffer.allocUnsafe(cell.end - cell.start);
  let used = 0;
  for (let i = cell.start; i < cell.end; i++) {
    plain[used++] = cell.bytes[i]!;
    if (cell.bytes[i] === bytes.quote && cell.bytes[i + 1] === bytes.quote) i++;
  }
  cell.bytes = plain;
  cell.start = 0;
  cell.end = used;
  cell.kind = cellKind.text;
}

/** What Excel and LibreOffice write for a formula that failed, in English and in Portuguese. */
const errorTexts = new Set(
  '#N/D #N/A #VALOR! #VALUE! #REF! #NOME? #NAME? #DIV/0! #NUM! #NÚM! #NULO! #NULL!'
    .split(' ')
    .map((text) => Buffer.from(text).toString('latin1')),
);
const longestErrorText = 8;

function isErrorText(cell: Cell): boolean {
  if (cell.bytes[cell.start] !== bytes.hash || cell.end - cell.start > longestErrorText) return false;
  return errorTexts.has(cell.bytes.toString('latin1', cell.start, cell.end));
}

/** 1 for a byte that may begin white space, an error or a null word, or may end white space. */
function unusualFirstBytes(nullWords: readonly string[]): Uint8Array {
  const unusual = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) if (mayBeginWhite(byte)) unusual[byte] = 1;
  for (const word of nullWords) if (word.trim() !== '') unusual[Buffer.from(word.trim())[0]!] = 1;
  unusual[bytes.hash] = 1;
  return unusual;
}

const unusualLast = new Uint8Array(256).fill(1, 0, bytes.space + 1).fill(1, 0x80);

function nullWordTest(words: readonly string[]): (cell: Cell) => boolean {
  const byFirstByte: (Set<string> | undefined)[] = Array.from({ length: 256 });
  for (const word of words) {
    const trimmed = Buffer.from(word.trim());
    if (trimmed.length > 0) (byFirstByte[trimmed[0]!] ??= new Set()).add(trimmed.toString('latin1'));
  }
  const longest = Math.max(0, ...words.map((word) => Buffer.byteLength(word)));
  return (cell) => {
    const candidates = byFirstByte[cell.bytes[cell.start]!];
    if (candidates === undefined || cell.end - cell.start > longest) return false;
    return candidates.has(cell.bytes.toString('latin1', cell.start, cell.end));
  };
}
