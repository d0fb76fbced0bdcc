import { sql, type RawBuilder } from 'kysely';
import { entityIdSql } from '../load/keys.ts';
import type { Load } from '../load/load.ts';
import { addOutcomes, type Outcomes } from './outcomes.ts';
import type { Restaged } from './restage.ts';

/** A value of table t, and what it has to be by staging s. */
export type Compared = { readonly name: string; readonly source: RawBuilder<unknown>; readonly stored: RawBuilder<unknown> };

/**
 * What must not differ. Hash and place as well, unless the configuration has changed: the hash of a record says which
 * columns it had, and the place which of its duplicates was taken.
 */
export function comparedColumns({ load, columns }: Restaged, sourceIds: readonly string[], isReadAlike: boolean): Compared[] {
  const same = [...columns, ...(load.key.derived === null ? [] : ['_key']), ...(isReadAlike ? ['_hash'] : [])];
  return [
    ...same.map((name) => ({ name, source: sql.ref(`s.${name}`), stored: sql.ref(`t.${name}`) })),
    // Columns that the files had once and do not have now: a run makes them blank.
    ...load.ddl.blanked.map((name) => ({ name, source: sql`NULL::text`, stored: sql.ref(`t.${name}`) })),
    ...(isReadAlike ? [place('_source_id', sourceIds), place('_row', sourceIds)] : []),
  ];
}

/** Of rows that these files wrote; one that they left unchanged names an earlier file. */
function place(name: string, sourceIds: readonly string[]): Compared {
  const stored = sql.ref(`t.${name}`);
  const source = sql`CASE WHEN t._source_id = ANY (${[...sourceIds]}::bigint[]) THEN ${sql.ref(`s.${name}`)} ELSE ${stored} END`;
  return { name, source, stored };
}

/** Staging s joined with table t, over the rows that nothing has written since. */
export function comparedRows(outcomes: Outcomes, load: Load): RawBuilder<unknown> {
  const key = sql.id(load.key.column);
  return sql`${sql.id(load.staging.records)} s JOIN ${sql.id(load.dataset.name)} t ON t.${key} = s.${key} AND t._vanished_at IS NULL
    AND NOT EXISTS (SELECT FROM ${sql.id(outcomes.table)} o WHERE o.kind = 'later' AND o.key = t.${key}::text)`;
}

/** Compares the values themselves: an UPDATE by hand leaves the stored hash as it was. */
export async function findValueDifferences(outcomes: Outcomes, load: Load, compared: readonly Compared[]): Promise<void> {
  const differs = compared.map(({ source, stored }) => sql`${stored} IS DISTINCT FROM ${source}`);
  await addOutcomes(
    outcomes,
    'different',
    sql`SELECT ${sql.raw(entityIdSql(load.key, 't'))}::text FROM ${comparedRows(outcomes, load)} WHERE ${sql.join(differs, sql` OR `)}`,
  );
}
