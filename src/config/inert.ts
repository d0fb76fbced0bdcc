import type { ConfigFile } from './config-file.ts';

/** Keys that are set and have no effect beside the others: `run --verbose` names them. */
export function inertKeys({ database, extraction }: ConfigFile): string[] {
  if (database.distribution === 'citus') return [];
  return extraction.files
    .filter(({ distribution }) => distribution === 'reference')
    .map(({ name }) => `distribution of the dataset ${name}`);
}
