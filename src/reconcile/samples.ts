import { sql, type RawBuilder } from 'kysely';
import type { TableState } from '../load/table-catalog.ts';
import type { Outcomes } from './outcomes.ts';
import type { Sample } from './report.ts';
import type { Restaged } from './restage.ts';
import type { Compared } from './value-differences.ts';

/** Samples of one dataset. */
const mostSamples = 10;

const mask = '***';

/** What samples are taken from. `restaged` is null when no file could be read. */
export type SampleInput = {
  readonly state: TableState;
  readonly restaged: Restaged | null;
  readonly compared: readonly Compared[];
  /** Columns whose values are not to be shown. */
  readonly personal: ReadonlySet<string>;
};

/** Up to ten of the rows that have no explanation, some of each kind, in the order of their keys. */
export async function takeSamples(outcomes: Outcomes, input: SampleInput): Promise<Sample[]> {
  const { rows: chosen } = await sql<{ key: string; kind: Sample['kind'] }>`
    SELECT key, kind FROM (
      SELECT key, kind, row_number() OVER (PARTITION BY kind ORDER BY key COLLATE "C") AS place
      FROM ${sql.id(outcomes.table)} WHERE reason IS NULL
    ) o ORDER BY place, kind LIMIT ${mostSamples}`.execute(outcomes.trx);
  const samples: Sample[] = [];
  for (const kind of ['missing', 'extra', 'different', 'altered', 'unsourced'] as const) {
    const keys = chosen.filter((row) => row.kind === kind).map((row) => row.key);
    if (keys.length > 0) samples.push(...(await samplesOf(outcomes, input, kind, keys)));
  }
  return samples.map((sample) => masked(sample, outcomes, input.personal));
}

async function samplesOf(
  outcomes: Outcomes,
  { state, restaged, compared }: SampleInput,
  kind: Sample['kind'],
  keys: readonly string[],
): Promise<Sample[]> {
  const key = sql.id(state.primaryKey[0]!);
  const table = sql.id(outcomes.dataset.name);
  const stored = (wanted: readonly string[]) =>
    select(outcomes, kind, {
      alias: 't',
      key,
      columns: null,
      from: sql`${table} t WHERE t.${key}::text = ANY (${[...wanted]}::text[])`,
    });
  if (!restaged || (kind !== 'missing' && kind !== 'different')) return stored(keys);
  const staged = sql`${sql.id(restaged.load.staging.records)} s`;
  const wanted = sql`WHERE s.${key}::text = ANY (${[...keys]}::text[])`;
  if (kind === 'different') {
    const from = sql`${staged} JOIN ${table} t ON t.${key} = s.${key} ${wanted}`;
    return select(outcomes, kind, { alias: 's', key, columns: differences(compared), from });
  }
  const missing = await select(outcomes, kind, { alias: 's', key, columns: null, from: sql`${staged} ${wanted}` });
  // Of an earlier file; somebody marked it as vanished.
  const elsewhere = keys.filter((id) => !missing.some((sample) => sample.id === id));
  return elsewhere.length === 0 ? missing : [...missing, ...(await stored(elsewhere))];
}

type Selection = {
  readonly alias: 's' | 't';
  readonly key: RawBuilder<unknown>;
  readonly columns: RawBuilder<unknown> | null;
  readonly from: RawBuilder<unknown>;
};

async function select({ trx }: Outcomes, kind: Sample['kind'], { alias, key, columns, from }: Selection): Promise<Sample[]> {
  const row = sql.raw(alias);
  const { rows } = await sql<Omit<Sample, 'kind'>>`
    SELECT w.id, e.source_file AS file, e.sheet, w.row, coalesce(w.columns, '{}') AS columns
    FROM (
      SELECT ${row}.${key}::text AS id, ${row}._source_id AS source_id, ${row}._row AS row, ${columns ?? sql`NULL::jsonb`} AS columns
      FROM ${from}
    ) w LEFT JOIN extraction_logs e ON e.id = w.source_id
    ORDER BY w.id COLLATE "C"`.execute(trx);
  return rows.map((found) => ({ kind, ...found }));
}

/** `{"valor": {"source": "1.00", "database": "2.00"}}` of the columns that differ. */
function differences(compared: readonly Compared[]): RawBuilder<unknown> {
  const triples = compared.map(({ name, source, stored }) => sql`(${sql.lit(name)}, ${source}::text, ${stored}::text)`);
  return sql`(
    SELECT jsonb_object_agg(v.name, jsonb_build_object('source', v.source, 'database', v.stored))
    FROM (VALUES ${sql.join(triples)}) v (name, source, stored) WHERE v.source IS DISTINCT FROM v.stored)`;
}

function masked(sample: Sample, { dataset }: Outcomes, personal: ReadonlySet<string>): Sample {
  const hidesKey = dataset.key !== 'content' && dataset.key.some((column) => personal.has(column));
  const hide = (value: string | null) => (value === null ? null : mask);
  const columns = Object.entries(sample.columns).map(([name, { source, database }]) => {
    const hides = personal.has(name) || (hidesKey && name === '_key');
    return [name, hides ? { source: hide(source), database: hide(database) } : { source, database }] as const;
  });
  return { ...sample, id: hidesKey ? mask : sample.id, columns: Object.fromEntries(columns) };
}
