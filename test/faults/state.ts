import type { Client } from 'pg';

/** A hash of the rows of each table, and the names of all tables. Ids and moments that differ from run to run are told by what they mean. */
export type State = Readonly<Record<string, string>>;

/** Not what was published, but the talk about it. */
const talk = ['runs', 'alerts', 'alert_deliveries'];

/** Ids from sequences and of runs, and the wall clock. */
const volatile = ['id', 'run_id', 'source_id', '_source_id', 'created_at'];

/** What is published in a database. */
export async function stateOf(client: Client): Promise<State> {
  const tables = await client.query<{ name: string; kind: string; columns: string[] }>(`
    SELECT c.relname AS name, c.relkind::text AS kind, array_agg(a.attname::text) AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'i', 'S')
    GROUP BY 1, 2 ORDER BY 1`);
  const state: Record<string, string> = { tables: tables.rows.map(({ name }) => name).join(' ') };
  for (const { name, kind, columns } of tables.rows) {
    if (kind !== 'r' || talk.includes(name)) continue;
    const { rows } = await client.query<{ hash: string }>(hashOf(name, columns));
    state[name] = rows[0]!.hash;
  }
  return state;
}

function hashOf(table: string, columns: readonly string[]): string {
  const source = columns.find((column) => column === 'source_id' || column === '_source_id');
  const joins = [
    ...(source ? [`LEFT JOIN extraction_logs l ON l.id = t.${source} LEFT JOIN runs s ON s.id = l.run_id`] : []),
    ...(columns.includes('run_id') ? ['LEFT JOIN runs r ON r.id = t.run_id'] : []),
  ];
  const meanings = [
    ...(source ? ['l.source_file, l.checksum, s.business_date'] : []),
    ...(columns.includes('run_id') ? ['r.business_date'] : []),
  ];
  const kept = `to_jsonb(t) - '{${volatile.join(',')}}'::text[]`;
  const row = `concat_ws(' ', ${[`(${kept})::text`, ...meanings].join(', ')})`;
  // What a run that found nothing new says of its files is not published either.
  const published = table === 'extraction_logs' ? "WHERE t.status <> 'unchanged'" : '';
  return `SELECT count(*) || ' ' || coalesce(md5(string_agg(row, E'\\n' ORDER BY row)), '') AS hash
    FROM (SELECT ${row} AS row FROM "${table}" t ${joins.join(' ')} ${published}) rows`;
}
