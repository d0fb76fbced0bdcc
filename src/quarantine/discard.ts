import { sql, type Kysely } from 'kysely';
import { ProjetusError } from '../core/errors.ts';
import { affected } from '../db/affected.ts';
import type { Tables } from '../db/tables.ts';
import { meets, type RejectFilter } from './reject-filter.ts';

/** Marks the open rejects that meet the filter as discarded, and tells how many. Those closed already stay as they are. */
export async function discardRejects(trx: Kysely<Tables>, filter: RejectFilter): Promise<number> {
  await refuseUnknown(trx, filter.ids);
  return affected(
    trx,
    sql`
    UPDATE quarantine q SET status = 'discarded' WHERE q.status = 'open' AND ${meets(filter)}`,
  );
}

/** An id that does not exist is a slip of the pen: the others may be wrong too. */
async function refuseUnknown(trx: Kysely<Tables>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { rows } = await sql<{ id: string }>`
    SELECT i.id::text AS id FROM unnest(${[...ids]}::bigint[]) i (id)
    WHERE NOT EXISTS (SELECT FROM quarantine q WHERE q.id = i.id) LIMIT 1`.execute(trx);
  if (rows.length > 0) throw noReject(rows[0]!.id);
}

export function noReject(id: string): ProjetusError {
  return new ProjetusError('usage', `The quarantine has no reject ${id}.`, { hint: 'projetus quarantine list shows the ids' });
}
