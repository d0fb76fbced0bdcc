import { sql, type Kysely } from 'kysely';
import type { ChangeSample } from '../core/report.ts';
import type { Tables } from '../db/tables.ts';
import { entityIdSql } from './keys.ts';
import type { Load } from './load.ts';

const limit = 10;

/** Examples of what the run changes: updates first, since they tell most. */
export async function sampleChanges(trx: Kysely<Tables>, load: Load): Promise<ChangeSample[]> {
  if (load.ddl.isNew) return sampleNew(trx, load);
  const { rows } = await sql<ChangeSample>`
    SELECT operation, key::text AS id, CASE WHEN operation IN ('update', 'restore') THEN changes END AS changes
    FROM ${sql.id(load.changes)}
    ORDER BY array_position(ARRAY['update', 'restore', 'vanish', 'insert'], operation), key LIMIT ${limit}`.execute(trx);
  return [...rows];
}

/** The first rows of the files: sorting a million keys for ten of them would cost a second. */
async function sampleNew(trx: Kysely<Tables>, load: Load): Promise<ChangeSample[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT ${sql.raw(entityIdSql(load.key, 's'))} AS id FROM ${sql.id(load.staging.records)} s LIMIT ${limit}`.execute(trx);
  return rows.map(({ id }) => ({ operation: 'insert', id, changes: null }));
}
