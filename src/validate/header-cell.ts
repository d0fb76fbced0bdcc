import { snakeCase } from '../core/names.ts';

/** A cell of the header: its name on one line without outer white space, and the form in which it is compared. */
export type HeaderCell = { readonly position: number; readonly name: string; readonly folded: string };

export function readHeader(names: readonly string[]): HeaderCell[] {
  return names.map((name, position) => ({ position, name: name.replace(/[\s\u200b]+/g, ' ').trim(), folded: snakeCase(name) }));
}
