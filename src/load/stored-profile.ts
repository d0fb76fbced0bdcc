import { sql, type Kysely, type RawBuilder } from 'kysely';
import { isNumeric, type Column } from '../core/dataset.ts';
import type { Profile } from '../core/report.ts';
import type { Tables } from '../db/tables.ts';
import type { Load } from './load.ts';
import { isUnmet } from './unmet.ts';

/** What the live records of the table hold, or only those that were not met. A column that it does not have yet holds nothing. */
export async function storedProfile(trx: Kysely<Tables>, load: Load, which: 'all' | 'unmet'): Promise<Profile> {
  const columns = load.shape.columns.filter(({ name }) => !load.ddl.added.includes(name));
  const numeric = columns.filter(isNumeric);
  const list = (of: readonly Column[], each: (name: RawBuilder<unknown>) => RawBuilder<unknown>) =>
    sql`ARRAY[${sql.join(of.map(({ name }) => each(sql.ref(`t.${name}`))))}]::text[]`;
  const { rows } = await sql<{ records: number; filled: string[]; nonzero: string[]; sums: string[] }>`
    SELECT count(*)::int AS records, ${list(columns, (name) => sql`count(${name})`)} AS filled,
      ${list(numeric, (name) => sql`count(*) FILTER (WHERE ${name} <> 0)`)} AS nonzero,
      ${list(numeric, (name) => sql`coalesce(sum(abs(${name})), 0)`)} AS sums
    FROM ${sql.id(load.dataset.name)} t WHERE t._vanished_at IS NULL ${which === 'unmet' ? isUnmet(load) : sql``}`.execute(trx);
  const { records, filled, nonzero, sums } = rows[0]!;
  const numbers = new Map(
    numeric.map(({ name }, at) => [name, { nonzero: Number(nonzero[at]), absolute_sum: Number(sums[at]) }]),
  );
  const counts = new Map(columns.map(({ name }, at) => [name, Number(filled[at])]));
  const profileOf = (column: Column) => ({
    filled: counts.get(column.name) ?? 0,
    nonzero: isNumeric(column) ? (numbers.get(column.name)?.nonzero ?? 0) : null,
    absolute_sum: isNumeric(column) ? (numbers.get(column.name)?.absolute_sum ?? 0) : null,
  });
  return { records, columns: Object.fromEntries(load.shape.columns.map((column) => [column.name, profileOf(column)])) };
}
