import type { Column } from '../core/dataset.ts';
import type { HeaderCell } from './header-cell.ts';

/** PostgreSQL cuts longer names without a word, and two of them may then be one. */
const longestNameBytes = 63;

/** Columns of text for the headers that are not declared, under names that are not in use. */
export function nameUnknown(cells: readonly HeaderCell[], declared: readonly Column[]): { column: Column; position: number }[] {
  const used = new Set(declared.map(({ name }) => name));
  return cells.map(({ position, name, folded }) => {
    // A header of signs alone, such as `%`, has no letters to be named after.
    const columnName = freeName(folded === '' ? `column_${position + 1}` : folded, used);
    used.add(columnName);
    return { column: { name: columnName, from: [name], type: { kind: 'text' }, keywords: {} }, position };
  });
}

function freeName(wanted: string, used: ReadonlySet<string>): string {
  for (let count = 1; ; count++) {
    const suffix = count === 1 ? '' : `_${count}`;
    const name = cut(wanted, longestNameBytes - suffix.length) + suffix;
    if (!used.has(name)) return name;
  }
}

/** At most `size` bytes of UTF-8, never half a character. */
function cut(name: string, size: number): string {
  let end = 0;
  let used = 0;
  for (const character of name) {
    used += Buffer.byteLength(character);
    if (used > size) break;
    end += character.length;
  }
  return name.slice(0, end);
}
