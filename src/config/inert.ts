import type { Config } from './config.ts';

/** Keys that are in use and whose feature is not built yet: `run --verbose` names them. */
export function inertKeys({ database }: Pick<Config, 'database'>): string[] {
  return database.distribution === 'none' ? [] : ['database.distribution'];
}
