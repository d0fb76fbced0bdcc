import type { Client } from 'pg';

export type Year = { readonly firstDay: Date; readonly days: number; readonly changesPerDay: number };

export type Filled = {
  /** Versions that lineage knows: superseded and present ones. */
  readonly entries: number;
  readonly superseded: number;
  readonly historyBytes: number;
  /** Of records with a history. */
  readonly ids: readonly string[];
  readonly lastRun: string;
};

/**
 * Writes what the days after the first would have written: a run, its file, and for each changed record the version that
 * it superseded; the last one stays beside the record. Which record changes is spread by a prime.
 */
export async function fillHistory(client: Client, year: Year): Promise<Filled> {
  await makePartitions(client, year);
  await client.query(
    `
    CREATE TEMP TABLE day AS
    SELECT n, $1::timestamptz + n * interval '1 day' AS at, to_char($1::timestamptz + n * interval '1 day', 'YYYYMMDD"T"HH24MISS"-bench"') AS run_id,
      nextval(pg_get_serial_sequence('extraction_logs', 'id')) AS source_id
    FROM generate_series(1, $2::int) n`,
    [year.firstDay, year.days],
  );
  await client.query(`
    INSERT INTO runs (id, status, business_date, started_at, finished_at, pipeline_version, config_hash, exit_code, datasets, host, pid)
    SELECT run_id, 'success', at, at, at, '0', '0', 0, '{propostas}', 'bench', 1 FROM day`);
  await client.query(`
    INSERT INTO extraction_logs (id, run_id, dataset, source_file, path, checksum, size_bytes, row_counts, pipeline_version, status, extraction_timestamp, created_at)
    SELECT source_id, run_id, 'propostas', 'propostas.csv', '', encode(sha256(run_id::bytea), 'hex'), 1, '{}', '0', 'loaded', at, at FROM day`);
  await client.query(
    `
    CREATE TEMP TABLE change AS
    SELECT n, 1 + (((n - 1) * $1::int + i) * 7919::bigint) % (SELECT count(*) FROM propostas) AS place, lag(n) OVER earlier AS before
    FROM generate_series(1, $2::int) n, generate_series(0, $1::int - 1) i
    WINDOW earlier AS (PARTITION BY (((n - 1) * $1::int + i) * 7919::bigint) % (SELECT count(*) FROM propostas) ORDER BY n)`,
    [year.changesPerDay, year.days],
  );
  await client.query(
    `CREATE TEMP TABLE record AS SELECT row_number() OVER (ORDER BY id) AS place, id, _hash, _source_id FROM propostas`,
  );
  await client.query(`
    INSERT INTO lineage_history (entity_type, entity_id, source_id, row_number, operation, record_hash, changes, superseded_at)
    SELECT 'propostas', r.id::text, coalesce(b.source_id, r._source_id), r.place, CASE WHEN c.before IS NULL THEN 'insert' ELSE 'update' END,
      sha256((r.id || ':' || c.n)::bytea), CASE WHEN c.before IS NOT NULL THEN ${changes} END, d.at
    FROM change c JOIN record r USING (place) JOIN day d USING (n) LEFT JOIN day b ON b.n = c.before`);
  await client.query(`
    UPDATE propostas t SET _source_id = d.source_id, _operation = 'update', _changes = ${changes}
    FROM (SELECT place, max(n) AS n FROM change GROUP BY place) c JOIN record r USING (place) JOIN day d USING (n) WHERE t.id = r.id`);
  await client.query('VACUUM ANALYZE');
  return measureFilled(client);
}

/** Two columns of a proposal that moves on. */
const changes = `jsonb_build_object('situacao', jsonb_build_object('from', 'Proposta em Análise', 'to', 'Aprovada'),
  'valor', jsonb_build_object('from', '1234567.89', 'to', '1234567.90'))`;

async function makePartitions(client: Client, { firstDay, days }: Year): Promise<void> {
  const last = new Date(firstDay.getTime() + days * 86_400_000);
  for (let month = new Date(Date.UTC(firstDay.getUTCFullYear(), firstDay.getUTCMonth(), 1)); month <= last;) {
    const next = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1));
    const name = `lineage_history_${month.toISOString().slice(0, 7).replace('-', '_')}`;
    const bounds = `('${month.toISOString()}') TO ('${next.toISOString()}')`;
    await client.query(`CREATE TABLE IF NOT EXISTS ${name} PARTITION OF lineage_history FOR VALUES FROM ${bounds}`);
    month = next;
  }
}

async function measureFilled(client: Client): Promise<Filled> {
  const counts = await client.query<{ superseded: string; present: string; bytes: string; last: string }>(`
    SELECT (SELECT count(*) FROM lineage_history) AS superseded, (SELECT count(*) FROM propostas) AS present,
      (SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('lineage_history')) AS bytes, (SELECT max(run_id) FROM day) AS last`);
  const ids = await client.query<{ id: string }>('SELECT DISTINCT entity_id AS id FROM lineage_history ORDER BY 1 LIMIT 300');
  const { superseded, present, bytes, last } = counts.rows[0]!;
  return {
    entries: Number(superseded) + Number(present),
    superseded: Number(superseded),
    historyBytes: Number(bytes),
    ids: ids.rows.map(({ id }) => id),
    lastRun: last,
  };
}
