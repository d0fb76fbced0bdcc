import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import type { RunReport } from '../core/report.ts';
import { HttpFailure, httpRequest, type Network } from '../net/http.ts';
import { addressSecrets, safeLine } from '../net/safe-line.ts';
import { lineageEvent, type LineageContext } from './openlineage-event.ts';

/** `reason` is a safe line; null when the event was taken. */
export type Emitted = { readonly reason: string | null };

/**
 * Sends a run event to an OpenLineage server, or adds it to a file. Never throws: who follows the data changes no run.
 */
export async function emitLineage(
  type: 'START' | 'COMPLETE' | 'FAIL',
  report: RunReport,
  config: Pick<Config, 'monitoring' | 'database' | 'directory' | 'extraction'>,
  { network, hostname, signal }: { readonly network: Network; readonly hostname: string; readonly signal: AbortSignal },
): Promise<Emitted> {
  const { openlineage } = config.monitoring;
  if (!openlineage) return { reason: null };
  const { url, namespace } = openlineage;
  try {
    const context: LineageContext = {
      namespace,
      store: storeOf(config.database.url, config.database.schema),
      datasets: config.extraction.datasets,
      filesNamespace: `file://${hostname}`,
    };
    const event = JSON.stringify(lineageEvent(type, report, context));
    if (url.startsWith('file:')) await toFile(resolve(config.directory, url.slice('file:'.length)), event);
    else await toServer(network, url, event, signal);
    return { reason: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { reason: `the OpenLineage event was not taken: ${safeLine(message, addressSecrets(url))}` };
  }
}

/** A line for each event. */
async function toFile(path: string, event: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, `${event}\n`);
}

async function toServer(network: Network, url: string, event: string, signal: AbortSignal): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await httpRequest(network, { url: endpoint(url), method: 'POST', headers, body: event }, signal);
  if (answer.status < 200 || answer.status > 299) throw new HttpFailure(`the answer was ${answer.status} ${answer.body}`, false);
}

/** A bare server has its events at the usual place. */
function endpoint(address: string): string {
  const url = new URL(address);
  if (url.pathname === '/') url.pathname = '/api/v1/lineage';
  return url.href;
}

/** Where the tables are, in the specification's names for stores: without user and password. */
function storeOf(databaseUrl: string, schema: string): LineageContext['store'] {
  if (databaseUrl.startsWith('pglite:')) return { namespace: 'pglite', prefix: schema };
  const url = new URL(databaseUrl);
  const host = url.hostname || 'localhost';
  return { namespace: `postgres://${host}:${url.port || '5432'}`, prefix: `${url.pathname.slice(1)}.${schema}` };
}
