import { sql, type Kysely } from 'kysely';
import { migrations } from '../../migrations/index.ts';
import { ProjetusError } from '../core/errors.ts';
import type { Tables } from './tables.ts';

/** How the operational tables differ from those that this version makes. */
export type MigrationState = {
  /** Known here, and not applied: the next run does it. */
  readonly pending: readonly string[];
  /** Applied by a newer version. */
  readonly unknown: readonly string[];
};

export async function migrationState(trx: Kysely<Tables>): Promise<MigrationState> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM projetus_migrations`.execute(trx);
  const applied = new Set(rows.map(({ name }) => name));
  const known = Object.keys(migrations);
  return { pending: known.filter((name) => !applied.has(name)), unknown: [...applied].filter((name) => !known.includes(name)) };
}

/** Only a run migrates. Throws `migrations-pending` where queries of this version might meet tables of an older one. */
export async function refusePending(trx: Kysely<Tables>): Promise<void> {
  const { pending } = await migrationState(trx);
  if (pending.length === 0) return;
  throw new ProjetusError(
    'migrations-pending',
    `The database was last written by an older version of projetus; pending: ${pending.join(', ')}.`,
    { hint: 'projetus run applies what is missing, also when there is nothing to load; then try again' },
  );
}
