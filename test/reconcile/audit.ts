import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config.ts';
import { reconcile, type ReconcileJob } from '../../src/reconcile/reconcile.ts';
import type { DatasetAudit, ReconcileReport } from '../../src/reconcile/report.ts';
import type { Project } from '../support/project.ts';
import { noProxies } from '../support/no-proxies.ts';

/** `projetus reconcile` in this process, at level content unless told otherwise. */
export async function audit(project: Project, options: Partial<ReconcileJob> = {}): Promise<ReconcileReport> {
  return reconcile({
    config: await loadConfig({ path: join(project.folder, 'config.yaml'), env: { DATABASE_URL: project.databaseUrl } }),
    datasets: [],
    run: null,
    level: 'content',
    pipelineVersion: '0.0.0+test',
    clock: () => new Date(),
    host: { pid: process.pid, hostname: 'test', user: 'test', isAlive: () => true },
    signal: new AbortController().signal,
    connectRetryMs: 0,
    network: { userAgent: 'projetus/test', timeoutMs: 2_000, ca: null, proxies: noProxies },
    onProgress: () => undefined,
    ...options,
  });
}

export async function auditOf(project: Project, name = 'obras', options: Partial<ReconcileJob> = {}): Promise<DatasetAudit> {
  return (await audit(project, options)).datasets.find((dataset) => dataset.name === name)!;
}

/** The part of an audit that counts. */
export function found({ match, missing_in_db, extra_in_db, different }: DatasetAudit) {
  return { match, missing: missing_in_db, extra: extra_in_db, different };
}

export const clean = { match: true, missing: 0, extra: 0, different: 0 };
