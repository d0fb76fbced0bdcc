import { Client } from 'pg';
import { setTimeout } from 'node:timers/promises';
import type { Cluster } from '../../test/support/postgres-cluster.ts';
import type { Measured } from './measured-child.ts';
import { serverCpuSeconds } from './server-cpu.ts';

/** The database of the comparison that is under way. */
export const benchDatabase = 'bench';

export type Sample = Measured & { readonly serverCpuSeconds: number | null };

/** The rows of the last statement. */
export async function query(cluster: Cluster, database: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: cluster.url(database) });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

/** Empty, or a copy of another database. */
export async function renewDatabase(cluster: Cluster, template = 'template1'): Promise<void> {
  await query(cluster, 'postgres', `DROP DATABASE IF EXISTS ${benchDatabase}`);
  await query(cluster, 'postgres', `CREATE DATABASE ${benchDatabase} TEMPLATE ${template}`);
}

/** After a checkpoint, so that the pages of the step before are not written in this one. */
export async function sampled<M extends Measured>(cluster: Cluster, run: () => Promise<M>): Promise<M & Sample> {
  await query(cluster, 'postgres', 'CHECKPOINT');
  const before = await serverCpuSeconds(cluster.folder);
  const measured = await run();
  // The postmaster counts a backend when it has gone.
  await setTimeout(200);
  const after = await serverCpuSeconds(cluster.folder);
  return { ...measured, serverCpuSeconds: before === null || after === null ? null : after - before };
}
