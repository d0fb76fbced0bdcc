/** By column; `_vanished` says why a record is no longer there. */
export type Changes = Readonly<Record<string, { readonly from: string | null; readonly to: string | null }>>;

/** Changes without what personal columns held; that a cell was blank may be seen. */
export function maskChanges(changes: Changes | null, personal: ReadonlySet<string>): Changes | null {
  if (changes === null) return null;
  const mask = (text: string | null) => (text === null ? null : '***');
  const entries = Object.entries(changes).map(([column, { from, to }]) => [
    column,
    personal.has(column) ? { from: mask(from), to: mask(to) } : { from, to },
  ]);
  return Object.fromEntries(entries) as Changes;
}
