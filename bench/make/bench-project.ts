import { copyFile, link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { benchColumns, type Column } from './data-shape.ts';

export type BenchDataset = { readonly name: string; readonly columns: readonly Column[] };

/** The one dataset of most comparisons; its table has this name. */
export const propostas: BenchDataset = { name: 'propostas', columns: benchColumns };

export type BenchProject = {
  readonly config: string;
  /** For a database in a folder. */
  readonly databaseFolder: string;
  /** Gives a dataset its file of a day: one of the data of the benchmark. */
  readonly put: (day: string, dataset: string, file: string) => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** A folder with a configuration and raw files, as a user has it. */
export async function makeProject(datasets: readonly BenchDataset[] = [propostas]): Promise<BenchProject> {
  const folder = await mkdtemp(join(tmpdir(), 'projetus-bench-'));
  const config = join(folder, 'config.yaml');
  await writeFile(config, configOf(datasets));
  return {
    config,
    databaseFolder: join(folder, 'data/db'),
    put: async (day, dataset, file) => {
      const raw = join(folder, 'data/raw', day);
      await mkdir(raw, { recursive: true });
      const path = join(raw, `${dataset}${extname(basename(file))}`);
      // A run refuses symbolic links that lead out of the folder. Another disk has no hard links to this one.
      await link(file, path).catch(() => copyFile(file, path));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** Four columns carry keywords, as in the prototype of the evidence: what the real datasets declare. */
const keywords: Readonly<Record<string, string>> = {
  uf: ', format: uf',
  codigo_ibge: String.raw`, pattern: '^\d{7}$'`,
  ano: ', minimum: 1990',
  valor: ', minimum: 0',
};

function configOf(datasets: readonly BenchDataset[]): string {
  return `extraction:\n  files:\n${datasets.map(datasetBlock).join('')}`;
}

function datasetBlock({ name, columns }: BenchDataset): string {
  const lines = columns.map(
    ([header, column, type]) =>
      `        ${column}: { from: [${header}], type: "${configType(type)}"${keywords[column] ?? ''} }\n`,
  );
  return `    - name: ${name}\n      match: ['${name}.*']\n      key: [id]\n      columns:\n${lines.join('')}`;
}

function configType(sqlType: string): string {
  if (sqlType === 'bigint') return 'integer';
  return sqlType.replace('numeric', 'decimal');
}
