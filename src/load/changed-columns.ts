import { sql, type RawBuilder } from 'kysely';

/** A column with the texts that it had and has. */
export type ColumnTexts = { readonly name: string; readonly from: RawBuilder<unknown>; readonly to: RawBuilder<unknown> };

/**
 * `{"situacao": {"from": "…", "to": "…"}}` of the columns whose texts differ; NULL when none does. Written as text, since
 * a function call takes at most 100 arguments, and Citus sends no subquery over VALUES to its servers.
 */
export function changedColumns(columns: readonly ColumnTexts[]): RawBuilder<unknown> {
  const members = columns.map(
    ({ name, from, to }) => sql`CASE WHEN ${from} IS DISTINCT FROM ${to}
      THEN ${sql.lit(`${JSON.stringify(name)}:`)} || json_build_object('from', ${from}, 'to', ${to})::text END`,
  );
  return sql`('{' || nullif(array_to_string(ARRAY[${sql.join(members)}]::text[], ','), '') || '}')::jsonb`;
}

/** The columns with the texts of two aliases. */
export function textsOf(names: readonly string[], from: string, to: string): ColumnTexts[] {
  return names.map((name) => ({ name, from: textOf(from, name), to: textOf(to, name) }));
}

/** The last texts of records that are taken away. */
export function lastTexts(names: readonly string[], from: string): ColumnTexts[] {
  return names.map((name) => ({ name, from: textOf(from, name), to: noText }));
}

export function textOf(alias: string, name: string): RawBuilder<unknown> {
  return sql`${sql.id(alias, name)}::text`;
}

export const noText = sql`NULL::text`;
