import { sql, type RawBuilder } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import { comparedRows } from './value-differences.ts';
import type { ColumnCheck } from './report.ts';
import type { Outcomes } from './outcomes.ts';
import type { Restaged } from './restage.ts';

/** Three values a column, and PostgreSQL selects at most 1,664 at once. */
const columnsAtOnce = 300;

/**
 * A second opinion that does not come from joining rows: what each column sums to and how many NULLs it has, in the
 * files and in the table. Rows whose difference is explained are left out of both.
 */
export async function checkColumns(outcomes: Outcomes, restaged: Restaged): Promise<ColumnCheck[]> {
  const checks: ColumnCheck[] = [];
  for (let from = 0; from < restaged.columns.length; from += columnsAtOnce) {
    checks.push(...(await checkSome(outcomes, restaged, restaged.columns.slice(from, from + columnsAtOnce))));
  }
  return checks;
}

async function checkSome(outcomes: Outcomes, { load }: Restaged, names: readonly string[]): Promise<ColumnCheck[]> {
  const key = sql.id(load.key.column);
  const explained = sql`NOT EXISTS (
    SELECT FROM ${sql.id(outcomes.table)} o WHERE o.key = x.${key}::text AND o.reason IS NOT NULL)`;
  const { dataset } = load;
  const source = await totals(outcomes, dataset, names, sql`${sql.id(load.staging.records)} x WHERE ${explained}`);
  const table = sql`${sql.id(dataset.name)} x WHERE x._vanished_at IS NULL AND ${explained}`;
  const database = await totals(outcomes, dataset, names, table);
  const differences = await countDifferences(outcomes, load, names);
  return names.map((name, index) => {
    const [from, to] = [source[index]!, database[index]!];
    const different = differences[index]!;
    const match = different === 0 && from.nulls === to.nulls && from.sum === to.sum;
    const sum = from.sum === null && to.sum === null ? null : { source: from.sum, database: to.sum };
    return { name, match, different, nulls: { source: from.nulls, database: to.nulls }, sum };
  });
}

async function totals(
  { trx }: Outcomes,
  dataset: Dataset,
  names: readonly string[],
  rows: RawBuilder<unknown>,
): Promise<{ nulls: number; sum: string | null }[]> {
  const selected = names.map((name) => {
    const column = sql.ref(`x.${name}`);
    return sql`(count(*) - count(${column}))::int, ${isNumber(dataset, name) ? sql`sum(${column})::text` : sql`NULL::text`}`;
  });
  const [values] = await asArrays(trx, sql`SELECT ${sql.join(selected)} FROM ${rows}`, 2 * names.length);
  return names.map((_, index) => ({ nulls: Number(values![2 * index]), sum: values![2 * index + 1] ?? null }));
}

/** In how many of the rows that differ each column does. */
async function countDifferences(outcomes: Outcomes, load: Restaged['load'], names: readonly string[]): Promise<number[]> {
  const differs = names.map((name) => {
    return sql`count(*) FILTER (WHERE ${sql.ref(`t.${name}`)} IS DISTINCT FROM ${sql.ref(`s.${name}`)})`;
  });
  const different = sql`EXISTS (
    SELECT FROM ${sql.id(outcomes.table)} o WHERE o.key = ${sql.ref(`s.${load.key.column}`)}::text AND o.kind = 'different')`;
  const [values] = await asArrays(
    outcomes.trx,
    sql`SELECT ${sql.join(differs)} FROM ${comparedRows(outcomes, load)} WHERE ${different}`,
    names.length,
  );
  return values!.map(Number);
}

/** Rows of `width` columns as arrays of texts: their names would all be the same. */
async function asArrays(trx: Outcomes['trx'], query: RawBuilder<unknown>, width: number): Promise<(string | null)[][]> {
  const names = Array.from({ length: width }, (_, index) => sql.id(`c${index}`));
  const texts = sql.join(names.map((name) => sql`${name}::text`));
  const { rows } = await sql<{ list: (string | null)[] }>`
    SELECT ARRAY[${texts}] AS list FROM (${query}) q (${sql.join(names)})`.execute(trx);
  return rows.map(({ list }) => list);
}

function isNumber(dataset: Dataset, name: string): boolean {
  const kind = dataset.columns.find((column) => column.name === name)?.type.kind;
  return kind === 'integer' || kind === 'decimal';
}
