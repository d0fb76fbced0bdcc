import { sql, type Kysely } from 'kysely';
import { binaryRows } from '../db/binary-rows.ts';
import type { Session } from '../db/session.ts';
import type { Tables } from '../db/tables.ts';
import { hashBytes } from './line-hash.ts';
import { createKnownRecords, type KnownRecords } from './known-records.ts';
import type { Load } from './load.ts';

/**
 * Fetches what tells the live records of a table, about `expected` of them. `linesSince` is the first file whose lines were read as
 * they are now; null: none was. An empty `_raw` says that several rows had the record's key: hashes do not tell those.
 */
export async function fetchKnown(
  trx: Kysely<Tables>,
  session: Session,
  load: Load,
  expected: number,
  linesSince: string | null,
): Promise<KnownRecords> {
  const known = createKnownRecords(expected, load.key.derived === 'content');
  const hasLine = linesSince === null ? sql`false` : sql`_source_id >= ${sql.lit(linesSince)}::bigint`;
  const select = sql`
    SELECT ${sql.id(load.key.column)}::text, CASE WHEN ${hasLine} THEN nullif(_raw, '') END,
      CASE WHEN _raw IS DISTINCT FROM '' THEN substring(_hash FROM 1 FOR ${sql.lit(hashBytes)}) END
    FROM ${sql.id(load.dataset.name)} WHERE _vanished_at IS NULL`.compile(trx);
  await session.copyOut(select.sql, binaryRows(3, known.add));
  return known;
}
