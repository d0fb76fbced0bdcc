import { sql, type RawBuilder } from 'kysely';
import type { Load } from './load.ts';

/**
 * `{"situacao": {"from": "…", "to": "…"}}` of the columns that differ between the table `t` and the staging `s`; NULL
 * when none does. A function call takes at most 100 arguments, VALUES does not care.
 */
export function changedColumns({ shape, ddl }: Load): RawBuilder<unknown> {
  const pairs = [
    ...shape.columns.map(({ name }) => sql`(${sql.lit(name)}, ${storedText(name, ddl.added)}, s.${sql.id(name)}::text)`),
    ...ddl.blanked.map((name) => sql`(${sql.lit(name)}, t.${sql.id(name)}::text, NULL)`),
  ];
  return sql`(
    SELECT jsonb_object_agg(v.name, jsonb_build_object('from', v.old, 'to', v.new))
    FROM (VALUES ${sql.join(pairs)}) v (name, old, new) WHERE v.old IS DISTINCT FROM v.new)`;
}

/** A column that the table gets only when the run is published holds nothing yet. */
function storedText(name: string, added: readonly string[]): RawBuilder<unknown> {
  return added.includes(name) ? sql`NULL::text` : sql`t.${sql.id(name)}::text`;
}
