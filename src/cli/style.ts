import { Chalk, type ChalkInstance } from 'chalk';
import type { CommonOptions, Out, World } from './world.ts';

/** Colours for one stream: none in a pipe, unless FORCE_COLOR; none ever with NO_COLOR or --no-color. */
export function styleFor(out: Out, world: World, options: Pick<CommonOptions, 'color'>): ChalkInstance {
  const isForced = Boolean(world.env['FORCE_COLOR']) && world.env['FORCE_COLOR'] !== '0';
  const isForbidden = Boolean(world.env['NO_COLOR']) || !options.color;
  return new Chalk({ level: !isForbidden && (out.isTTY || isForced) ? 1 : 0 });
}

/** Text of files for a terminal: control characters, which could move the cursor or worse, become visible. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
    return named[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** At most `width` characters, with an ellipsis for what is cut. */
export function shorten(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

/** Rows of cells in columns: the first to the left, numbers to the right. */
export function table(rows: readonly (readonly string[])[], rightFrom: number): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < rightFrom ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
