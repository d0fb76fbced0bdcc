import type { ChangeSample } from '../core/report.ts';
import { printable, shorten } from './style.ts';

/** A line for each column that changed. */
export function changeLines(changes: ChangeSample['changes'], indent: string): string[] {
  return Object.entries(changes ?? {}).map(([column, { from, to }]) => `${indent}${column}: ${value(from)} → ${value(to)}`);
}

function value(text: string | null): string {
  return text === null ? 'blank' : `"${shorten(printable(text), 60)}"`;
}
