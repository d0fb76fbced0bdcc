import { access, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { benchColumns } from './data-shape.ts';
import { makeData, wholeMark } from './make-data.ts';

/** The folder of a benchmark with this many rows, which git ignores. The data is made when it is not there yet. */
export async function benchData(rowCount: number): Promise<string> {
  const folder = join(import.meta.dirname, 'data', String(rowCount));
  const isThere = await access(join(folder, wholeMark)).then(
    () => true,
    () => false,
  );
  if (isThere) return folder;
  process.stderr.write(`making ${rowCount} rows in ${folder}\n`);
  await makeData(folder, rowCount);
  return folder;
}

/** Makes config.yaml and data/raw/DAY/propostas.csv for each day, a link to a file of the benchmark. */
export async function makeProject(folder: string, days: Readonly<Record<string, string>>): Promise<string> {
  const config = join(folder, 'config.yaml');
  await writeFile(config, benchConfig());
  for (const [day, file] of Object.entries(days)) {
    await mkdir(join(folder, 'data/raw', day), { recursive: true });
    await symlink(file, join(folder, 'data/raw', day, 'propostas.csv'));
  }
  return config;
}

/** Four columns carry keywords, as in the prototype of the evidence: what the real datasets declare. */
const keywords: Readonly<Record<string, string>> = {
  uf: ', format: uf',
  codigo_ibge: String.raw`, pattern: '^\d{7}$'`,
  ano: ', minimum: 1990',
  valor: ', minimum: 0',
};

function benchConfig(): string {
  const columns = benchColumns.map(
    ([header, name, type]) => `        ${name}: { from: [${header}], type: "${configType(type)}"${keywords[name] ?? ''} }`,
  );
  return `extraction:
  files:
    - name: propostas
      key: [id]
      columns:
${columns.join('\n')}
`;
}

function configType(sqlType: string): string {
  if (sqlType === 'bigint') return 'integer';
  return sqlType.replace('numeric', 'decimal');
}
