import { loadConfig } from '../../src/config/load-config.ts';
import type { Job } from '../../src/run/job.ts';
import { noProxies } from '../support/no-proxies.ts';

export const firstDay = '2026-11-01';
export const secondDay = '2026-11-02';

/** What a run of these tests is asked for. */
export type Asked = { readonly configPath: string; readonly url: string; readonly date: string; readonly random: string };

/** A server that is started again is waited for as long. */
const connectRetryMs = 20_000;

/** A run at noon of its date: two runs of one day differ in their ids only. */
export async function jobOf({ configPath, url, date, random }: Asked): Promise<Job> {
  return {
    config: await loadConfig({ path: configPath, env: { DATABASE_URL: url } }),
    datasets: [],
    date,
    isDryRun: false,
    force: false,
    strict: false,
    accept: [],
    pipelineVersion: '0.0.0+faults',
    clock: () => new Date(`${date}T15:00:00Z`),
    random,
    host: { pid: process.pid, hostname: 'faults', user: 'faults', isAlive: () => true },
    signal: new AbortController().signal,
    mostKnownRecords: 1_000_000,
    connectRetryMs,
    fetching: null,
    network: { userAgent: 'projetus/faults', timeoutMs: 2_000, ca: null, proxies: noProxies },
    confirm: null,
    onProgress: () => undefined,
  };
}
