import type { Config } from './config.ts';

/** Keys that are in use and whose feature is not built yet: `run --verbose` names them. */
export function inertKeys({ database, extraction }: Pick<Config, 'database' | 'extraction'>): string[] {
  return [
    ...(database.distribution === 'none' ? [] : ['database.distribution']),
    ...extraction.datasets.flatMap(({ url }, index) => (url === null ? [] : [`extraction.files[${index}].url`])),
  ];
}
