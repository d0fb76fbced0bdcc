import type { Kysely, RawBuilder } from 'kysely';
import type { Tables } from './tables.ts';

/** Runs a statement, and tells how many rows it inserted, updated or deleted. */
export async function affected(trx: Kysely<Tables>, statement: RawBuilder<unknown>): Promise<number> {
  return Number((await statement.execute(trx)).numAffectedRows ?? 0n);
}
