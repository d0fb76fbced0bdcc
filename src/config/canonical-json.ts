/** JSON with the keys of every object in code-unit order: equal data gives equal text. Takes plain JSON data. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, node: unknown) => {
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return node;
    // The default order of sort compares code units.
    return Object.fromEntries(Object.entries(node).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
