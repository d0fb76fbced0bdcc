import { resolve } from 'node:path';
import { tlsFiles, tlsOfUrl, withParameters } from '../core/database-url.ts';
import type { Show } from './check-dataset.ts';
import type { Lookup } from './environment.ts';
import { valueAt, type Path } from './path.ts';
import type { Problem } from './problems.ts';

const embedded = 'pglite:';

/** The URL with absolute paths, and with what libpq takes from the environment where the URL does not say it. */
export function completeUrl(url: string, directory: string, lookup: Lookup): string {
  if (url.startsWith(embedded)) return embedded + resolve(directory, url.slice(embedded.length));
  const given = new URLSearchParams(url.split('?')[1]);
  const changes: Record<string, string> = {};
  for (const name of ['sslmode', ...tlsFiles]) {
    // PGSSLMODE, PGSSLROOTCERT, PGSSLCERT, PGSSLKEY.
    const found = lookup(`PG${name.toUpperCase()}`);
    const value = given.get(name) || ('value' in found ? found.value : '');
    if (value !== '') changes[name] = name === 'sslmode' || value === 'system' ? value : resolve(directory, value);
  }
  return withParameters(url, changes);
}

/** What libpq would refuse in the URL. */
export function checkDatabaseUrl(tree: unknown, show: Show): Problem[] {
  const path: Path = ['database', 'url'];
  const url = valueAt(tree, path);
  if (typeof url !== 'string') return [];
  if (url.startsWith(embedded)) return checkEmbedded(tree);
  try {
    tlsOfUrl(url);
    return [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ path, at: 'value', message: `${show(path)}: ${error.message}` }];
  }
}

function checkEmbedded(tree: unknown): Problem[] {
  const path: Path = ['database', 'distribution'];
  if (valueAt(tree, path) !== 'citus') return [];
  return [
    { path, at: 'value', message: 'the embedded database is one server; set DATABASE_URL to the coordinator of the cluster' },
  ];
}
