import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Dataset, Relation } from '../core/dataset.ts';
import { quote } from '../db/quote.ts';
import type { Tables } from '../db/tables.ts';
import type { Load } from './load.ts';
import { isMet } from './unmet.ts';

/**
 * Where a relation is looked up: the tables as they will be after this run. `load` is absent when the dataset is not
 * staged in this run; its table is then as it is.
 */
export type Parent = {
  readonly dataset: Dataset;
  readonly load: Load | null;
  /** Whether the list of changes is there: not yet for a dataset that refers to itself. */
  readonly isClassified: boolean;
};

/** What has become of the record that a relation refers to. Of several answers the first holds. */
export const standingNames = ['live', 'rejected', 'filtered', 'vanished'] as const;

/** In SQL a standing is its place among the names, so that the first of several is the least. */
export function standing(name: (typeof standingNames)[number]): RawBuilder<number> {
  return sql.lit(standingNames.indexOf(name));
}

/**
 * The values, as text and never NULL, that the parent has in the column, had, or was refused today, with their
 * `standing`; one value may come several times. A refused row is known by its key, so only a relation to the key finds it.
 */
export async function standings(trx: Kysely<Tables>, { references }: Relation, parent: Parent): Promise<RawBuilder<unknown>> {
  const { load, dataset } = parent;
  const column = sql.id(references.column);
  const parts: RawBuilder<unknown>[] = [];
  if (load) {
    const staged = sql.id(load.staging.records);
    parts.push(sql`SELECT ${column}::text AS value, ${standing('live')} AS standing FROM ${staged} WHERE ${column} IS NOT NULL`);
  }
  if (load?.key.column === references.column) {
    parts.push(sql`
      SELECT key::text AS value, CASE outcome WHEN 'rejected' THEN ${standing('rejected')} ELSE ${standing('filtered')} END AS standing
      FROM ${sql.id(load.refusedKeys)} WHERE key IS NOT NULL`);
  }
  if (!load?.ddl.isNew && (await hasColumn(trx, dataset.name, references.column))) parts.push(stored(references.column, parent));
  return parts.length === 0
    ? sql`SELECT NULL::text AS value, ${standing('live')} AS standing WHERE false`
    : sql.join(parts, sql` UNION ALL `);
}

/** A stored record that changes counts with what is staged. */
function stored(column: string, parent: Parent): RawBuilder<unknown> {
  const { dataset, load, isClassified } = parent;
  const value = sql.ref(`t.${column}`);
  const select = sql`SELECT ${value}::text AS value, CASE WHEN t._vanished_at IS NULL AND ${stays(parent)}
    THEN ${standing('live')} ELSE ${standing('vanished')} END AS standing FROM ${sql.id(dataset.name)} t`;
  if (!load || !isClassified) return sql`${select} WHERE ${value} IS NOT NULL`;
  return sql`${select} LEFT JOIN ${sql.id(load.changes)} x ON x.key = ${sql.ref(`t.${load.key.column}`)}
    WHERE ${value} IS NOT NULL AND (x.key IS NULL OR x.operation = 'vanish')`;
}

/** Of a dataset that is not classified yet: what today's file does not have goes, but for keys whose row was rejected. */
function stays({ dataset, load, isClassified }: Parent): RawBuilder<unknown> {
  if (load && isClassified) return sql`x.key IS NULL`;
  if (!load || dataset.snapshot === 'delta' || dataset.onVanish === 'ignore') return sql`true`;
  return sql`(EXISTS (
    SELECT FROM ${sql.id(load.refusedKeys)} r WHERE r.key = ${sql.ref(`t.${load.key.column}`)} AND r.outcome = 'rejected')
    OR (true ${isMet(load)}))`;
}

async function hasColumn(trx: Kysely<Tables>, table: string, column: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM pg_attribute WHERE attrelid = to_regclass(${quote(table)}) AND attname = ${column} AND NOT attisdropped`.execute(
    trx,
  );
  return rows.length > 0;
}
