import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { run } from '../../src/pipeline.ts';
import { startCluster, type Cluster } from '../support/postgres-cluster.ts';
import { firstDay, jobOf, secondDay } from './job.ts';
import { stateOf, type State } from './state.ts';

/** A server, a day that was loaded, and the day that every trial loads into a copy of it. */
export type Stage = {
  readonly cluster: Cluster;
  readonly configPath: string;
  /** For code that Node has compiled. */
  readonly cacheFolder: string;
  /** As the first day left it, and as the second one leaves it. */
  readonly before: State;
  readonly after: State;
  /** A database as it was before; gone at the end of `await using`. */
  readonly copy: () => Promise<Copy>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type Copy = { readonly name: string; readonly url: string; readonly [Symbol.asyncDispose]: () => Promise<void> };

const template = 'before_the_fault';

export async function openStage(): Promise<Stage> {
  const cluster = await startCluster();
  const folder = await mkdtemp(join(tmpdir(), 'projetus-faults-'));
  const configPath = join(folder, 'config.yaml');
  let copies = 0;
  const copy = async (): Promise<Copy> => {
    const name = `trial_${++copies}`;
    // A copy through the log forgets after a crash what a sequence had handed out (19 of 72 crashes of PostgreSQL 15): a
    // value that the template's log had reserved ahead is not reserved in the copy. A copy of the files is exact.
    await onServer(cluster, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
    const drop = () => onServer(cluster, `DROP DATABASE ${name} WITH (FORCE)`);
    return { name, url: cluster.url(name), [Symbol.asyncDispose]: drop };
  };
  await writeFile(configPath, config);
  for (const [date, files] of Object.entries(days)) await putFiles(join(folder, 'data/raw', date), files());
  await onServer(cluster, `CREATE DATABASE ${template}`);
  const before = await load(cluster.url(template), configPath, firstDay);
  await using example = await copy();
  const after = await load(example.url, configPath, secondDay);
  const dispose = async () => {
    await cluster[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
  const cacheFolder = join(folder, 'cache');
  return { cluster, configPath, cacheFolder, before, after, copy, [Symbol.asyncDispose]: dispose };
}

async function load(url: string, configPath: string, date: string): Promise<State> {
  const report = await run(await jobOf({ configPath, url, date, random: 'stage' }));
  if (report.exit_code !== 0) throw new Error(`the stage cannot be set: ${JSON.stringify(report.error)}`);
  return withClient(url, stateOf);
}

export async function withClient<Answer>(url: string, use: (client: Client) => Promise<Answer>): Promise<Answer> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function onServer(cluster: Cluster, statement: string): Promise<void> {
  return withClient(cluster.url('postgres'), async (client) => void (await client.query(statement)));
}

async function putFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

const config = `
database: { url: "\${DATABASE_URL}" }
extraction:
  files:
    - name: obras
      entity: obra
      key: [id]
      max_rejected_percent: 100
      columns: { id: {}, nome: {}, valor: { type: "decimal(18,2)" } }
    - name: fiscais
      entity: fiscal
      key: [id]
      columns: { id: {}, obra: {} }
      relations: [{ column: obra, references: obras.id }]
`;

/** Enough rows for a COPY of several chunks. */
const works = 2_000;
const inspectors = 500;

const days: Readonly<Record<string, () => Record<string, string>>> = {
  [firstDay]: () => ({ 'obras.csv': worksOf(0, 1), 'fiscais.csv': inspectorsOf(0) }),
  // Of each hundred works one vanishes, ten change and one is refused; as many are new as vanished.
  [secondDay]: () => ({ 'obras.csv': worksOf(works / 100, 2), 'fiscais.csv': inspectorsOf(7) }),
};

function worksOf(from: number, day: number): string {
  const lines = Array.from({ length: works }, (_, index) => {
    const id = from + index;
    const valor = id % 100 === 42 ? `x${day}` : id % 10 === 0 ? `${day},50` : '1,00';
    return `${id};${'obra '.repeat(12)}${id};${valor}\n`;
  });
  return `id;nome;valor\n${lines.join('')}`;
}

function inspectorsOf(shift: number): string {
  return `id;obra\n${Array.from({ length: inspectors }, (_, id) => `${id};${200 + ((id + (id % 9 === 0 ? shift : 0)) % 800)}\n`).join('')}`;
}
