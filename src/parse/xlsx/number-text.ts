import { cellKind } from '../../core/rows.ts';

/** Excel keeps 15 significant digits: what a double holds beyond them (0.30000000000000004) nobody typed. */
const digits = 15;
const roundedFrom = 1e15;

export type NumberText = { readonly kind: number; readonly text: string };

/**
 * Where bytes end that stand as `numberText` would write them, but for zeros at the end of the fraction: `-1234.50`
 * of at most 15 digits. -1 for anything else. Most numbers stand so, and are taken without becoming a number.
 */
export function plainNumberEnd(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start] === 0x2d ? start + 1 : start;
  if (end - first > digits || end === first) return -1;
  let point = -1;
  for (let at = first; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x30 && byte <= 0x39) continue;
    if (byte !== 0x2e || point >= 0 || at === first) return -1;
    point = at;
  }
  let last = end;
  if (point >= 0) {
    while (bytes[last - 1] === 0x30) last--;
    if (last === point + 1) last = point;
  }
  // `007`, and `-0` with whatever fraction of zeros.
  if (bytes[first] === 0x30 && last > first + 1 && bytes[first + 1] !== 0x2e) return -1;
  return bytes[first] === 0x30 && last === first + 1 && first > start ? -1 : last;
}

/**
 * A number of a workbook as plain decimal text. From 1e15 on, its digits as they stand, marked as rounded: an
 * identifier of 17 digits has lost the last two. What is no number (`NaN`) stays as text, for its row to be refused.
 */
export function numberText(raw: string): NumberText {
  const trimmed = raw.trim();
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (!Number.isFinite(value)) return { kind: cellKind.text, text: raw };
  if (Math.abs(value) >= roundedFrom) return { kind: cellKind.roundedNumber, text: expand(trimmed) };
  return { kind: cellKind.number, text: expand(value.toPrecision(digits)) };
}

/** `1.5e+3` is `1500`, `-1E-7` is `-0.0000001`, `-0.0` is `0`. */
function expand(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const point = whole.length + Number(exponent);
  const all = whole + fraction;
  const before = point <= 0 ? '' : all.slice(0, point).padEnd(point, '0');
  const after = point <= 0 ? '0'.repeat(-point) + all : all.slice(point);
  const plainWhole = before.replace(/^0+/, '') || '0';
  const plainFraction = after.replace(/0+$/, '');
  const plain = plainFraction === '' ? plainWhole : `${plainWhole}.${plainFraction}`;
  return sign === '-' && plain !== '0' ? `-${plain}` : plain;
}
