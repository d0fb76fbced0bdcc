import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { postgresBinaries } from '../../test/support/postgres-binaries.ts';
import type { Cluster } from '../../test/support/postgres-cluster.ts';
import { referenceTable, type Column } from '../make/data-shape.ts';
import { measure } from './measured-child.ts';
import { benchDatabase, query, sampled, type Sample } from './server.ts';

const table = 'reference';

/** L: `psql \copy` of a clean CSV into a new table with the same types and primary key, which stays until `dropReference`. */
export async function loadReference(cluster: Cluster, cleanFile: string, columns: readonly Column[]): Promise<Sample> {
  const commands = [referenceTable(table, columns), `\\copy ${table} from '${cleanFile}' csv`];
  const args = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', cluster.url(benchDatabase)];
  const psql = await psqlProgram();
  return sampled(cluster, () => measure(psql, [...args, ...commands.flatMap((command) => ['-c', command])]));
}

export async function dropReference(cluster: Cluster): Promise<void> {
  await query(cluster, benchDatabase, `DROP TABLE ${table}`);
}

/** Throws unless these tables together hold what the reference table holds. */
export async function assertSameAsReference(cluster: Cluster, tables: readonly string[]): Promise<void> {
  const [reference] = await query(cluster, benchDatabase, digestOf([table]));
  const [ours] = await query(cluster, benchDatabase, digestOf(tables));
  const [expected, actual] = [JSON.stringify(reference), JSON.stringify(ours)];
  if (actual !== expected) throw new Error(`${tables.join()} hold ${actual} where ${expected} was expected`);
}

/** Exact sums of values of every type: a row that is missing, twice or wrong changes them. */
function digestOf(tables: readonly string[]): string {
  const columns = ['id', 'valor', 'valor_repasse', 'ano', 'titulo', 'situacao', 'proponente', 'inicio', 'fim'];
  const rows = tables.map((name) => `SELECT ${columns.join()} FROM ${name}`).join(' UNION ALL ');
  return `
    SELECT count(*), sum(id) AS ids, sum(valor) AS valor, sum(valor_repasse) AS repasse, sum(ano) AS ano,
      sum(length(titulo)) AS letters, sum(inicio - date '2000-01-01') AS inicio, sum(fim - date '2000-01-01') AS fim,
      sum(hashtext(titulo)) AS titulo, sum(hashtext(situacao)) AS situacao, sum(hashtext(proponente)) AS proponente
    FROM (${rows}) r`;
}

/** Beside the server, or on the PATH: the npm package has no psql. */
async function psqlProgram(): Promise<string> {
  const program = join(await postgresBinaries(process.env), 'psql');
  return access(program).then(
    () => program,
    () => 'psql',
  );
}
