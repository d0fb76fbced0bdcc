import type { Migration } from 'kysely/migration';
import * as operationalTables from './0001-operational-tables.ts';
import * as retriedKeys from './0002-retried-keys.ts';
import * as alerts from './0003-alerts.ts';
import * as knownLines from './0004-known-lines.ts';

/** In order. A migration that has landed is never changed. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-operational-tables': operationalTables,
  '0002-retried-keys': retriedKeys,
  '0003-alerts': alerts,
  '0004-known-lines': knownLines,
};
