import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Dataset, Relation } from '../core/dataset.ts';
import type { RelationReport } from '../core/report.ts';
import type { Tables } from '../db/tables.ts';
import { quote } from '../db/quote.ts';
import type { Load } from './load.ts';
import { removedRows, type RemovedRows } from './repeats.ts';

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

/** How many rows of `child` refer to a record that exists, and how many to none. Blank cells refer to nothing. */
export async function countRelation(
  trx: Kysely<Tables>,
  child: RawBuilder<unknown>,
  relation: Relation,
  parent: Parent,
): Promise<RelationReport> {
  const { rows } = await sql<{ matched: number; orphans: number }>`
    SELECT count(p.value)::int AS matched, (count(*) - count(p.value))::int AS orphans
    FROM ${child} c LEFT JOIN (${await values(trx, relation, parent)}) p ON p.value = ${sql.ref(`c.${relation.column}`)}::text
    WHERE ${sql.ref(`c.${relation.column}`)} IS NOT NULL`.execute(trx);
  const { dataset, column } = relation.references;
  return { column: relation.column, references: `${dataset}.${column}`, ...rows[0]! };
}

/**
 * Takes the staged rows that refer to nothing out, and tells which they were. NOT EXISTS: a NOT IN over more values
 * than fit work_mem reads all of them again for every row.
 */
export async function removeOrphans(trx: Kysely<Tables>, load: Load, relation: Relation, parent: Parent): Promise<RemovedRows> {
  const column = sql.ref(`c.${relation.column}`);
  return removedRows(
    trx,
    sql`
    DELETE FROM ${sql.id(load.staging.records)} c
    WHERE ${column} IS NOT NULL
      AND NOT EXISTS (SELECT FROM (${await values(trx, relation, parent)}) p WHERE p.value = ${column}::text)
    RETURNING c._source_id::text AS source_id, c._row AS row_number, ${sql.ref(`c.${load.key.column}`)}::text AS key`,
  );
}

/** The distinct values, as text, that the parent's live records will have in the column. Never NULL. */
async function values(trx: Kysely<Tables>, relation: Relation, parent: Parent): Promise<RawBuilder<unknown>> {
  const column = relation.references.column;
  const parts: RawBuilder<unknown>[] = [];
  const { load } = parent;
  if (load)
    parts.push(
      sql`SELECT ${sql.id(column)}::text AS value FROM ${sql.id(load.staging.records)} WHERE ${sql.id(column)} IS NOT NULL`,
    );
  if (!load?.ddl.isNew && (await hasColumn(trx, parent.dataset.name, column))) {
    // A stored record that changes or vanishes counts with what is staged, or not at all.
    parts.push(sql`
      SELECT ${sql.ref(`t.${column}`)}::text AS value FROM ${sql.id(parent.dataset.name)} t
      WHERE t._vanished_at IS NULL AND ${sql.ref(`t.${column}`)} IS NOT NULL ${stays(parent)}`);
  }
  if (parts.length === 0) return sql`SELECT NULL::text AS value WHERE false`;
  return sql`SELECT DISTINCT value FROM (${sql.join(parts, sql` UNION ALL `)}) u`;
}

/** Of a dataset that is not classified yet: what today's file does not have goes, but for keys whose row was rejected. */
function stays({ dataset, load, isClassified }: Parent): RawBuilder<unknown> {
  if (!load) return sql``;
  if (isClassified)
    return sql`AND NOT EXISTS (SELECT FROM ${sql.id(load.changes)} x WHERE x.key = ${sql.ref(`t.${load.key.column}`)})`;
  if (dataset.snapshot === 'delta' || dataset.onVanish === 'ignore') return sql``;
  return sql`AND EXISTS (
    SELECT FROM ${sql.id(load.staging.refused)} r WHERE r.key = ${sql.ref(`t.${load.key.column}`)} AND r.outcome = 'rejected')`;
}

async function hasColumn(trx: Kysely<Tables>, table: string, column: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM pg_attribute WHERE attrelid = to_regclass(${quote(table)}) AND attname = ${column} AND NOT attisdropped`.execute(
    trx,
  );
  return rows.length > 0;
}
