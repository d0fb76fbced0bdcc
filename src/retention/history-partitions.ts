import { sql, type Kysely } from 'kysely';
import type { Tables } from '../db/tables.ts';

/** The partitions of the history that hold nothing from `cutoff` on, the oldest first. */
export async function expiredPartitions(db: Kysely<Tables>, cutoff: Date): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass('lineage_history') ORDER BY 1`.execute(db);
  return rows.map(({ name }) => name).filter((name) => (endOf(name)?.getTime() ?? Infinity) <= cutoff.getTime());
}

/** When a partition ends, from its name; null for one that a person attached. */
function endOf(name: string): Date | null {
  const match = /^lineage_history_(\d{4})_(\d{2})$/.exec(name);
  return match && new Date(Date.UTC(Number(match[1]), Number(match[2]), 1));
}
