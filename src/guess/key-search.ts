import { isIdName, isPartOfKeyName } from './names.ts';

/** Which columns tell the rows of a file apart, looked for while the rows go by. */
export type KeySearch = {
  /** Takes the texts of a row, null for blanks. */
  readonly add: (values: readonly (string | null)[]) => void;
  readonly finish: () => KeysFound;
};

export type KeysFound = {
  /** Columns of each key that fits every row, the likeliest first. */
  readonly keys: readonly (readonly string[])[];
  readonly rows: number;
};

/** A footer may have so many rows without a key (design: what counts as what). */
const longestFooter = 100;
/** Pairs and threes among more columns than these are found by chance, and cost memory. */
const mostParts = 6;

type Candidate = {
  readonly positions: readonly number[];
  readonly seen: Set<string>;
  blanks: number;
  isKey: boolean;
};

/** Columns named as identifiers alone, the first column alone, then pairs and threes of what may be part of a key. */
export function createKeySearch(columns: readonly (string | null)[]): KeySearch {
  let rows = 0;
  const candidates = positionSets(columns).map((positions): Candidate => ({
    positions,
    seen: new Set(),
    blanks: 0,
    isKey: true,
  }));
  return {
    add: (values) => {
      rows++;
      for (const candidate of candidates) if (candidate.isKey) look(candidate, values);
    },
    finish: () => {
      const keys = candidates
        .filter(({ isKey, blanks, seen }) => isKey && seen.size > 0 && blanks <= longestFooter && blanks < seen.size)
        // Which leaves fewer rows for the footer; a stable sort keeps the order of likelihood among equals.
        .toSorted((a, b) => a.blanks - b.blanks)
        .map(({ positions }) => positions.map((position) => columns[position]!));
      return { keys: minimal(keys), rows };
    },
  };
}

/** Rows without a key may only stand at the end: they are the footer. */
function look(candidate: Candidate, values: readonly (string | null)[]): void {
  const parts = candidate.positions.map((position) => values[position] ?? null);
  if (parts.every((part) => part === null)) {
    candidate.blanks++;
    return;
  }
  const text = JSON.stringify(parts);
  candidate.isKey = candidate.blanks === 0 && !parts.includes(null) && !candidate.seen.has(text);
  if (candidate.isKey) candidate.seen.add(text);
  else candidate.seen.clear();
}

function positionSets(columns: readonly (string | null)[]): number[][] {
  const named = (test: (column: string) => boolean) =>
    columns.flatMap((column, position) => (column !== null && test(column) ? [position] : []));
  const ids = named(isIdName);
  const first = named(() => true).slice(0, 1);
  const parts = named(isPartOfKeyName)
    .toSorted((a, b) => Number(isIdName(columns[b]!)) - Number(isIdName(columns[a]!)) || a - b)
    .slice(0, mostParts);
  const pairs = parts.flatMap((a, i) => parts.slice(i + 1).map((b) => [a, b]));
  const threes = pairs.flatMap(([a, b]) => parts.slice(parts.indexOf(b!) + 1).map((c) => [a!, b!, c]));
  return [...[...new Set([...ids, ...first])].map((position) => [position]), ...pairs, ...threes];
}

/** Without those that hold another: a column more makes no better key. */
function minimal(keys: readonly string[][]): string[][] {
  return keys.filter((key) => !keys.some((other) => other.length < key.length && other.every((part) => key.includes(part))));
}
