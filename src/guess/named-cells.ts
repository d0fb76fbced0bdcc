import type { HeaderMatch } from '../validate/header.ts';
import { readHeader } from '../validate/header-cell.ts';
import { columnNames } from './names.ts';

/** A cell of the header, and the column that it is to be. */
export type NamedCell = { readonly position: number; readonly header: string; readonly name: string };

/** A header that no column can stand for. */
export type LeftOut = { readonly header: string; readonly why: string };

/** The cells of a header that a column can stand for, and the others. */
export function nameCells({ names }: HeaderMatch): { named: NamedCell[]; leftOut: LeftOut[] } {
  const cells = readHeader(names);
  const columns = columnNames(cells.map(({ name }) => name));
  const named: NamedCell[] = [];
  const leftOut: LeftOut[] = [];
  for (const { position, name: header, folded } of cells) {
    const name = columns[position] ?? null;
    if (name === null) continue;
    // `%` and its like: there is nothing to compare names by.
    if (folded === '') {
      leftOut.push({ header, why: 'its name has neither a letter nor a digit' });
      continue;
    }
    const others = cells.filter((cell) => cell.position !== position && cell.name !== '' && cell.folded === folded);
    const isSame = others.some((other) => other.name === header);
    if (isSame) leftOut.push({ header, why: 'several columns have this name' });
    // Upper and lower case make no difference in a configuration; in a file the literal name wins.
    else if (others.some((other) => other.position < position))
      leftOut.push({ header, why: 'a column before it has nearly the same name' });
    // A `${` would be taken for a variable.
    else if (header.includes('${')) leftOut.push({ header, why: 'its name cannot stand in a configuration' });
    else named.push({ position, header, name });
  }
  return { named, leftOut };
}
