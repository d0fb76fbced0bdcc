import type { Dataset } from '../core/dataset.ts';
import { quote } from '../db/quote.ts';

/**
 * The column on which files and tables are joined: the key itself when it is one column, else `_key`, the joined text
 * of its parts, NOT NULL (two IS NOT DISTINCT FROM make PostgreSQL 15 choose a nested loop).
 */
export type KeyPlan = {
  readonly column: string;
  /** Where `_key` comes from; null when the key is a column of the record. */
  readonly derived: 'parts' | 'content' | null;
  readonly sqlType: string;
};

/** The column of a dataset's `KeyPlan`. */
export function keyColumnOf({ key }: Dataset): string {
  return key === 'content' || key.length > 1 ? '_key' : key[0]!;
}

export function keyPlan(dataset: Dataset): KeyPlan {
  const column = keyColumnOf(dataset);
  if (dataset.key === 'content') return { column, derived: 'content', sqlType: 'text' };
  if (dataset.key.length > 1) return { column, derived: 'parts', sqlType: 'text' };
  return { column, derived: null, sqlType: sqlTypeOf(dataset, column) };
}

/** The key as text, as `entityId` of core makes it, over the columns of `alias`. */
export function entityIdSql(plan: KeyPlan, alias: string): string {
  const column = `${alias}.${quote(plan.column)}`;
  // Without a cast where there is none to make: so that the primary key's index answers `entity_id = …`.
  return plan.sqlType === 'text' ? column : `${column}::text`;
}

const sqlTypes = { text: 'text', integer: 'bigint', date: 'date', timestamp: 'timestamp', boolean: 'boolean' } as const;

/** PostgreSQL's type of a column; text for one that the configuration does not declare. */
export function sqlTypeOf(dataset: Dataset, name: string): string {
  const type = dataset.columns.find((column) => column.name === name)?.type;
  if (!type) return 'text';
  return type.kind === 'decimal' ? `numeric(${type.precision},${type.scale})` : sqlTypes[type.kind];
}
