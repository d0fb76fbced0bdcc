import { sql, type Kysely } from 'kysely';

/**
 * The key under which a retried reject was loaded. Its row is still refused in the next file, often without a key that
 * can be read: with this the record is not taken for vanished. Frozen: a change is a new migration.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`ALTER TABLE quarantine ADD COLUMN retried_key text`.execute(db);
}
