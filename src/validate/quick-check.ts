import { isNumeric, type Column, type Keywords } from '../core/dataset.ts';
import { unitsOf } from './coerce/units.ts';
import { bytes } from './coerce/white-space.ts';
import { formats } from './formats.ts';

/**
 * True when the bytes of a value surely break none of its column's keywords. False says nothing: the value is decoded
 * then, and ajv decides. Four columns with keywords took 0.6 s a million records in ajv and in decoding for it.
 */
export type QuickCheck = (text: Buffer, start: number, end: number) => boolean;

/** All keywords of a column as one check; the one that is never sure when a keyword has none. */
export function quickCheck({ column, keywords }: { readonly column: Column; readonly keywords: Keywords }): QuickCheck {
  const checks = Object.entries(keywords).map(
    ([keyword, value]) => makers[keyword as keyof Keywords]?.(value, column) ?? neverSure,
  );
  if (checks.includes(neverSure)) return neverSure;
  if (checks.length === 1) return checks[0]!;
  return (text, start, end) => checks.every((check) => check(text, start, end));
}

const neverSure: QuickCheck = () => false;

const makers: { readonly [keyword in keyof Keywords]?: (value: unknown, column: Column) => QuickCheck | null } = {
  format: (value) => (value === 'uf' ? isState : null),
  pattern: (value) => onlyDigits(String(value)),
  minimum: (value, column) => compared(Number(value), column, (units, limit) => units >= limit),
  maximum: (value, column) => compared(Number(value), column, (units, limit) => units <= limit),
  // A character is one to four bytes.
  minLength: (value) => (_, start, end) => end - start >= 4 * Number(value),
  maxLength: (value) => (_, start, end) => end - start <= Number(value),
};

const isState: QuickCheck = (text, start, end) => end - start === 2 && states.has((text[start]! << 8) | text[start + 1]!);

const capitals = Array.from({ length: 26 }, (_, letter) => 0x41 + letter);
const states = new Set(
  capitals.flatMap((first) =>
    capitals.filter((second) => formats.uf(String.fromCharCode(first, second))).map((second) => (first << 8) | second),
  ),
);

/** The patterns of codes: `^\d+$`, `^\d{7}$`, `^[0-9]{2,8}$`. */
const digitPattern = /^\^(?:\\d|\[0-9\])(?:(?<any>\+)|\{(?<least>\d{1,4})(?:,(?<most>\d{1,4}))?\})\$$/;

function onlyDigits(pattern: string): QuickCheck | null {
  const groups = digitPattern.exec(pattern)?.groups;
  if (groups === undefined) return null;
  const least = groups['any'] === undefined ? Number(groups['least']) : 1;
  const most = groups['any'] === undefined ? Number(groups['most'] ?? least) : Infinity;
  return (text, start, end) => {
    if (end - start < least || end - start > most) return false;
    for (let i = start; i < end; i++) if (text[i]! < bytes.zero || text[i]! > bytes.nine) return false;
    return true;
  };
}

/** Bytes. Shorter numbers are exact as units of their scale. */
const longestExact = 15;

/** Only limits without decimals, whose units are exact too. */
function compared(limit: number, { type }: Column, isKept: (units: number, limit: number) => boolean): QuickCheck | null {
  const units = limit * 10 ** (type.kind === 'decimal' ? type.scale : 0);
  if (!isNumeric({ type }) || !Number.isInteger(limit) || !Number.isSafeInteger(units)) return null;
  return (text, start, end) => end - start <= longestExact && isKept(unitsOf(text, start, end), units);
}
