import type { Format } from '../../core/dataset.ts';
import { cellKind } from '../../core/rows.ts';
import { textOf, type Cell } from './cell.ts';
import type { Exact } from './exact.ts';

/** How a number is written: `auto`, `,` and `.` as in the configuration; `plain` for numbers of workbooks. */
export type Notation = Format['decimal'] | 'plain';

/**
 * The number that a person or a program wrote, exactly; null when the text is no number.
 * auto: with a comma, dots are thousands; without one, a dot is decimal. Thousands stand in groups of three.
 * White space anywhere, `R$`, one sign before or after, parentheses for negatives and `1e+05` are read;
 * `%` is not: whether 5% is 5 or 0.05 is not in the file.
 */
export function parseNumber(text: string, notation: Notation): Exact | null {
  if (text.length > longestNumber) return null;
  const bare = text.replace(blanks, '').replace(currency, '$<before>');
  const match = signed.exec(bare) ?? inParentheses.exec(bare);
  if (match === null) return null;
  const { before = '', mantissa = '', exponent = '0', after = '', open = '' } = match.groups!;
  if (before !== '' && after !== '') return null;
  const value = parseMantissa(mantissa, notation);
  if (value === null) return null;
  const isNegative = open !== '' || after !== '' || (before !== '' && before !== '+');
  return shift(isNegative ? -value.units : value.units, value.scale - Number(exponent));
}

export function parseNumberCell(cell: Cell, notation: Notation): Exact | null {
  switch (cell.kind) {
    case cellKind.text:
      return cell.end - cell.start > longestNumber * 3 ? null : parseNumber(textOf(cell), notation);
    case cellKind.number:
      return parseNumber(textOf(cell), 'plain');
    default:
      return null;
  }
}

/** PostgreSQL's numeric has at most 1000 digits here; what is longer is no number, and costs no time. */
const longestNumber = 1100;
const blanks = /[\s\u200b]+/g;
/** One `R$`, at the start or after the sign. */
const currency = /^(?<before>[-+\u2212(]?)R\$/i;
/** Up to three digits of exponent: 1e999 is already beyond every column. */
const digits = String.raw`(?<mantissa>[\d.,]+)(?:e(?<exponent>[+-]?\d{1,3}))?`;
const signed = new RegExp(`^(?<before>[-+\u2212]?)${digits}(?<after>[-\u2212]?)$`, 'i');
const inParentheses = new RegExp(String.raw`^(?<open>\()${digits}\)$`, 'i');

function shift(units: bigint, scale: number): Exact {
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

function parseMantissa(text: string, notation: Notation): Exact | null {
  const point = notation === ',' || (notation === 'auto' && text.includes(',')) ? ',' : '.';
  const hasThousands = notation === ',' || notation === '.' || point === ',';
  const parts = text.split(point);
  if (parts.length > 2) return null;
  const fraction = parts[1] ?? '';
  if (parts.length === 2 && !/^\d+$/.test(fraction)) return null;
  const whole = readWhole(parts[0]!, hasThousands ? (point === ',' ? '.' : ',') : null, parts.length === 2);
  return whole === null ? null : { units: BigInt(whole + fraction), scale: fraction.length };
}

/** `,5` is 0.5: the whole part may be left out before a fraction. */
function readWhole(text: string, thousands: '.' | ',' | null, hasFraction: boolean): string | null {
  if (text === '') return hasFraction ? '0' : null;
  if (/^\d+$/.test(text)) return text;
  if (thousands === null) return null;
  const groups = text.split(thousands);
  const areThrees = groups.every((group, index) => (index === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(group));
  return areThrees ? groups.join('') : null;
}
