import { sql, type RawBuilder } from 'kysely';

/**
 * The record hash of stored values, in SQL: SHA-256 of the canonical JSON, as validate/record-hash.ts makes it from a
 * file. `columns` are names and types of the table. PostgreSQL escapes a text in JSON just as JSON.stringify does.
 * About 9 s for a million rows of 20 columns: for the rows that no file can be compared with.
 */
export function storedHash(alias: string, columns: readonly (readonly [name: string, type: string])[]): RawBuilder<unknown> {
  if (columns.length === 0) return sql`sha256('{}')`;
  // An array, since a function takes at most 100 arguments; array_to_string leaves NULLs out, as the JSON does.
  const pairs = columns
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, type]) => sql`${sql.lit(`${JSON.stringify(name)}:`)} || to_json(${canonicalText(alias, name, type)})::text`);
  return sql`sha256(convert_to('{' || array_to_string(ARRAY[${sql.join(pairs)}], ',') || '}', 'UTF8'))`;
}

/** The key of several parts as text, as `entityId` of core makes it. */
export function storedKey(alias: string, columns: readonly (readonly [name: string, type: string])[]): RawBuilder<unknown> {
  const parts = columns.map(([name, type]) => {
    return sql`coalesce(regexp_replace(${canonicalText(alias, name, type)}, '([\\\\|])', '\\\\\\1', 'g'), '\\N')`;
  });
  return sql.join(parts, sql` || '|' || `);
}

function canonicalText(alias: string, name: string, type: string): RawBuilder<unknown> {
  const text = sql`${sql.ref(`${alias}.${name}`)}::text`;
  return type.startsWith('timestamp') ? sql`replace(${text}, ' ', 'T')` : text;
}
