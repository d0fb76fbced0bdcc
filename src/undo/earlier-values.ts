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
