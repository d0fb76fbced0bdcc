import { sql, type Kysely } from 'kysely';
import { tableExists } from '../db/table-exists.ts';
import type { Tables } from '../db/tables.ts';
import { quote } from '../db/quote.ts';

/** What PostgreSQL's catalogue says about a table. */
export type TableState = {
  /** Column to type, in the table's order; empty when there is no such table. */
  readonly columns: ReadonlyMap<string, string>;
  /** Columns of the primary key. */
  readonly primaryKey: readonly string[];
  /** Columns of each index: an index that a person made under another name is one too. */
  readonly indexes: readonly (readonly string[])[];
  /** What `_key` was made from: the comment that we left on it. */
  readonly keyComment: string | null;
  readonly hasLiveView: boolean;
};

export async function tableState(db: Kysely<Tables>, table: string): Promise<TableState> {
  const name = quote(table);
  const columns = await sql<{ name: string; type: string; comment: string | null }>`
    SELECT attname AS name, format_type(atttypid, atttypmod) AS type, col_description(attrelid, attnum) AS comment
    FROM pg_attribute WHERE attrelid = to_regclass(${name}) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`.execute(db);
  const indexes = await sql<{ columns: string[]; is_primary: boolean }>`
    SELECT i.indisprimary AS is_primary, array(
      SELECT pg_get_indexdef(i.indexrelid, n, true) FROM generate_series(1, i.indnkeyatts) n
    ) AS columns
    FROM pg_index i WHERE i.indrelid = to_regclass(${name}) AND i.indisvalid AND i.indpred IS NULL`.execute(db);
  return {
    columns: new Map(columns.rows.map((row) => [row.name, row.type])),
    primaryKey: indexes.rows.find((row) => row.is_primary)?.columns.map(unquoted) ?? [],
    indexes: indexes.rows.map((row) => row.columns.map(unquoted)),
    keyComment: columns.rows.find((row) => row.name === '_key')?.comment ?? null,
    hasLiveView: await tableExists(db, `${table}_live`),
  };
}

/** The catalogue quotes names that need it. */
function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
