/** What can hold a dataset that was read without an error. A person may let it pass once: `--accept GUARD:NAME`. */
export const guards = ['volume', 'vanish', 'columns', 'encoding', 'relations', 'stale', 'filter'] as const;

export type Guard = (typeof guards)[number];

/** One `--accept GUARD:NAME`. */
export type Acceptance = { readonly guard: Guard; readonly dataset: string };
