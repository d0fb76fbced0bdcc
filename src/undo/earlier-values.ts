import { sql, type RawBuilder } from 'kysely';

/**
 * Texts that a cast takes. A person may have changed a column's type since: what does not fit it any more is NULL, does
 * not give the earlier hash then, and is not restored.
 */
const castable: readonly (readonly [type: RegExp, text: string])[] = [
  [/^bigint$/, String.raw`^-?\d{1,19}$`],
  [/^numeric/, String.raw`^-?\d+(\.\d+)?$`],
  [/^date$/, String.raw`^\d{4}-\d{2}-\d{2}$`],
  [/^timestamp/, String.raw`^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?$`],
  [/^boolean$/, '^(true|false)$'],
];

/** The value of a column before a change: `{column: {from, to}}` where it is in there, else `otherwise`. */
export function valueBefore(
  changes: RawBuilder<unknown>,
  [name, type]: readonly [string, string],
  otherwise: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const from = sql`(${changes} -> ${sql.lit(name)} ->> 'from')`;
  const pattern = castable.find(([known]) => known.test(type))?.[1];
  const cast = sql`${from}::${sql.raw(type)}`;
  const value = pattern === undefined ? cast : sql`CASE WHEN ${from} ~ ${sql.lit(pattern)} THEN ${cast} END`;
  return sql`CASE WHEN ${changes} ? ${sql.lit(name)} THEN ${value} ELSE ${otherwise} END`;
}

/** `{column: {from, to}}` of the columns that differ between two aliases; null when none does. */
export function changesBetween(
  before: string,
  after: string,
  columns: readonly (readonly [string, string])[],
): RawBuilder<unknown> {
  const pairs = columns.map(
    ([name]) => sql`(${sql.lit(name)}, ${sql.ref(`${before}.${name}`)}::text, ${sql.ref(`${after}.${name}`)}::text)`,
  );
  return sql`(
    SELECT jsonb_object_agg(v.name, jsonb_build_object('from', v.old, 'to', v.new))
    FROM (VALUES ${sql.join(pairs)}) v (name, old, new) WHERE v.old IS DISTINCT FROM v.new)`;
}
