import { cpus, totalmem } from 'node:os';
import type { Cluster } from '../../test/support/postgres-cluster.ts';
import { query } from './server.ts';

/** What figures were measured on: seconds mean little without it. */
export async function machineLine(cluster: Cluster): Promise<string> {
  const processors = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  const [row] = await query(cluster, 'postgres', 'SHOW server_version');
  const postgres = `PostgreSQL ${String(row!['server_version'])}`;
  const model = processors[0]?.model ?? 'unknown';
  return `${processors.length} x ${model}, ${memory}, ${process.platform}, Node ${process.version}, ${postgres}`;
}
