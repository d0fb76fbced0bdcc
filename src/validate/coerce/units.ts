import { bytes } from './white-space.ts';

/** The digits of a canonical decimal as one whole number; inexact beyond 2^53. */
export function unitsOf(text: Buffer, start: number, end: number): number {
  let units = 0;
  for (let i = start; i < end; i++) {
    const byte = text[i]!;
    if (byte >= bytes.zero) units = units * 10 + (byte - bytes.zero);
  }
  return text[start] === bytes.minus ? -units : units;
}
