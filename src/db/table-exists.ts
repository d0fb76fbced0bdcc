import { sql, type Kysely } from 'kysely';
import { quote } from './quote.ts';
import type { Tables } from './tables.ts';

/** Whether the search path has a table or a view of this name. */
export async function tableExists(db: Kysely<Tables>, name: string): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`SELECT to_regclass(${quote(name)}) IS NOT NULL AS there`.execute(db);
  return rows[0]!.there;
}
