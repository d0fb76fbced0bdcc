import type { RejectCode } from '../../core/codes.ts';
import { cellKind } from '../../core/rows.ts';
import type { Cell } from './cell.ts';
import { formatExact, rescale, roundTo, type Exact } from './exact.ts';
import { parseNumberCell, type Notation } from './number-text.ts';
import { room, setNumber, setRange, type Slots } from './slots.ts';
import { bytes } from './white-space.ts';

/** Exact decimals with all digits of their scale. Errors: type-error, scale-exceeded, out-of-range, number-imprecise. */
export function decimalCoercer(precision: number, scale: number, notation: Notation) {
  const setPlain = plainDecimal(precision, scale, notation);
  const limit = 10n ** BigInt(precision);
  return (cell: Cell, slots: Slots, column: number): RejectCode | null => {
    if (setPlain(cell, slots, column)) return null;
    if (cell.kind === cellKind.roundedNumber) return 'number-imprecise';
    const number = parseNumberCell(cell, notation);
    if (number === null) return 'type-error';
    const units = rescale(number, scale) ?? (cell.kind === cellKind.number ? withoutNoise(number, scale) : null);
    if (units === null) return isTooLarge(number, precision - scale) ? 'out-of-range' : 'scale-exceeded';
    if (units <= -limit || units >= limit) return 'out-of-range';
    setNumber(slots, column, formatExact({ units, scale }));
    return null;
  };
}

/**
 * A number of a workbook is a double, and what formulas leave behind its last digit is noise: 1337691.98999999 stands
 * for 1337691.99. Within a thousandth of the last place it is that value; 0.125 at scale 2 is not, and stays an error.
 */
function withoutNoise(number: Exact, scale: number): bigint | null {
  const near = roundTo(number, scale);
  const noise = number.units - rescale(near, number.scale)!;
  const lastPlace = 10n ** BigInt(number.scale - scale);
  return (noise < 0n ? -noise : noise) * 1000n < lastPlace ? near.units : null;
}

function isTooLarge({ units, scale }: Exact, wholeDigits: number): boolean {
  const limit = 10n ** BigInt(wholeDigits + scale);
  return units <= -limit || units >= limit;
}

/**
 * The fast path, for `-1234`, `1234,5` and `1234.5` that fit: 20 million cells a day take it.
 * What it does not take is left to the slow path, which alone decides on errors. Longer than 40 lines,
 * since each step goes on from where the last one stopped.
 */
function plainDecimal(precision: number, scale: number, notation: Notation) {
  return (cell: Cell, slots: Slots, column: number): boolean => {
    const isNumber = cell.kind === cellKind.number;
    if (!isNumber && cell.kind !== cellKind.text) return false;
    const { bytes: text, end } = cell;
    const isNegative = text[cell.start] === bytes.minus;
    let at = isNegative ? cell.start + 1 : cell.start;
    const first = at;
    while (at < end && text[at] === bytes.zero) at++;
    const wholeStart = at;
    let units = 0;
    while (at < end && isDigit(text[at]!)) units = units * 10 + (text[at++]! - bytes.zero);
    const wholeEnd = at;
    let fractionStart = at;
    if (at < end) {
      const isComma = text[at] === bytes.comma;
      if (!isComma && text[at] !== bytes.dot) return false;
      if (isComma ? isNumber || notation === '.' : !isNumber && notation === ',') return false;
      fractionStart = ++at;
      while (at < end && isDigit(text[at]!)) units = units * 10 + (text[at++]! - bytes.zero);
      if (at !== end || fractionStart === end) return false;
    } else if (first === end) return false;
    if (wholeEnd - wholeStart > precision - scale || end - fractionStart > scale) return false;
    // Minus zero goes to the slow path: it has no sign.
    if (isNegative && wholeStart === wholeEnd) return false;
    for (let digits = end - fractionStart; digits < scale; digits++) units *= 10;
    slots.units[column] = isNegative ? -units : units;
    write(slots, column, text, isNegative, wholeStart, wholeEnd, fractionStart, end, scale);
    return true;
  };
}

function isDigit(byte: number): boolean {
  return byte >= bytes.zero && byte <= bytes.nine;
}

/** Writes sign, whole part (`0` when there is none), point, and the fraction padded with zeros. */
function write(
  slots: Slots,
  column: number,
  text: Buffer,
  isNegative: boolean,
  wholeStart: number,
  wholeEnd: number,
  fractionStart: number,
  fractionEnd: number,
  scale: number,
): void {
  const start = room(slots, wholeEnd - wholeStart + scale + 3);
  const out = slots.scratch;
  let to = start;
  if (isNegative) out[to++] = bytes.minus;
  if (wholeStart === wholeEnd) out[to++] = bytes.zero;
  for (let i = wholeStart; i < wholeEnd; i++) out[to++] = text[i]!;
  if (scale > 0) {
    out[to++] = bytes.dot;
    for (let i = fractionStart; i < fractionEnd; i++) out[to++] = text[i]!;
    for (let i = fractionEnd - fractionStart; i < scale; i++) out[to++] = bytes.zero;
  }
  slots.used = to;
  setRange(slots, column, out, start, to, 1);
}
