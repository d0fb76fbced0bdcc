import { sql, type Kysely } from 'kysely';

/**
 * Beside each record, the hash of the line that it was read from, so that a line that comes again need not be read; and,
 * for each dataset, since when its lines are read as they are now. Frozen: a change is a new migration.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`ALTER TABLE datasets ADD COLUMN line_reading text, ADD COLUMN line_reading_since bigint`.execute(db);
  // A table may have been dropped, or never made.
  const { rows } = await sql<{ name: string }>`
    SELECT d.name FROM datasets d JOIN pg_class c ON c.oid = to_regclass(quote_ident(d.name)) AND c.relkind IN ('r', 'p')`.execute(
    db,
  );
  for (const { name } of rows) await sql`ALTER TABLE ${sql.id(name)} ADD COLUMN IF NOT EXISTS _raw bytea`.execute(db);
}
