/** A regular expression as far as its repeats matter. */
export type Item = {
  /** How often the item may stand: `a` is 1 to 1, `a*` is 0 to Infinity. */
  readonly min: number;
  readonly max: number;
  /** A single character: its source, such as `[0-9]` or `\\d`. Null for a group. */
  readonly atom: string | null;
  /** The alternatives of a group; empty for an atom. */
  readonly alternatives: readonly (readonly Item[])[];
};

/** Reads the source of a pattern that compiles with the `u` flag. Anchors stand for nothing and are left out. */
export function regexTree(source: string): readonly (readonly Item[])[] {
  return readAlternatives({ source, index: 0 });
}

type Cursor = { readonly source: string; index: number };

function readAlternatives(cursor: Cursor): (readonly Item[])[] {
  const alternatives: Item[][] = [[]];
  while (cursor.index < cursor.source.length && cursor.source[cursor.index] !== ')') {
    if (take(cursor, /\|/y) !== null) alternatives.push([]);
    else if (take(cursor, /\^|\$|\\b|\\B/y) === null) alternatives.at(-1)!.push(readItem(cursor));
  }
  return alternatives;
}

function readItem(cursor: Cursor): Item {
  if (take(cursor, /\((\?(:|=|!|<=|<!|<[^>]*>))?/y) !== null) {
    const alternatives = readAlternatives(cursor);
    take(cursor, /\)/y);
    return { atom: null, alternatives, ...readRepeat(cursor) };
  }
  const atom =
    take(cursor, /\[(\\.|[^\]])*\]|\\[pPu]\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\c.|\\k<[^>]*>|\\.|./suy) ?? '';
  return { atom, alternatives: [], ...readRepeat(cursor) };
}

function readRepeat(cursor: Cursor): { min: number; max: number } {
  const repeat = take(cursor, /(\*|\+|\?|\{\d+(,\d*)?\})\??/y);
  if (repeat === null) return { min: 1, max: 1 };
  if (repeat.startsWith('*')) return { min: 0, max: Infinity };
  if (repeat.startsWith('+')) return { min: 1, max: Infinity };
  if (repeat.startsWith('?')) return { min: 0, max: 1 };
  const [, min = '', comma = '', max = ''] = /^\{(\d+)(,?)(\d*)/.exec(repeat) ?? [];
  return { min: Number(min), max: comma === '' ? Number(min) : max === '' ? Infinity : Number(max) };
}

function take(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.index;
  const text = pattern.exec(cursor.source)?.[0] ?? null;
  if (text !== null) cursor.index += text.length;
  return text;
}
