import { HttpFailure, httpRequest, type Network } from '../net/http.ts';
import { addressSecrets, safeLine } from '../net/safe-line.ts';
import { runUuid } from './run-uuid.ts';

export type PingEvent = { readonly kind: 'start' } | { readonly kind: 'end'; readonly exitCode: number };

/** `reason` is a safe line; null when the ping worked. */
export type Pinged = { readonly isTold: boolean; readonly reason: string | null };

const longestBodyBytes = 10_000;

/**
 * Tells a healthchecks-compatible service that a run starts or has ended, with its summary. Never throws: a watch that is
 * away changes no run. Source: https://healthchecks.io/docs/http_api/
 */
export async function ping(
  network: Network,
  url: string,
  event: PingEvent,
  { runId, summary }: { readonly runId: string; readonly summary: string | null },
  signal: AbortSignal,
): Promise<Pinged> {
  try {
    const body = summary === null ? null : beginning(summary);
    const headers: Record<string, string> = body === null ? {} : { 'content-type': 'text/plain; charset=utf-8' };
    const request = { url: eventUrl(url, event, runId), method: body === null ? 'GET' : 'POST', headers, body } as const;
    const { status, body: said } = await httpRequest(network, request, signal);
    // Of a check that it does not know, or that is pinged too often, it says so with status 200.
    if (status >= 200 && status < 300 && !said.startsWith('OK (')) return { isTold: true, reason: null };
    return { isTold: false, reason: safeLine(`the ping was answered ${status} ${said}`, addressSecrets(url)) };
  } catch (error) {
    const reason = error instanceof HttpFailure ? error.message : 'the address is not valid';
    return { isTold: false, reason: `the ping failed: ${reason}` };
  }
}

/** What the address has already, a query too, stays. */
function eventUrl(base: string, event: PingEvent, runId: string): string {
  const url = new URL(base);
  const step = event.kind === 'start' ? 'start' : String(event.exitCode);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${step}`;
  url.searchParams.set('rid', runUuid(runId));
  return url.href;
}

/** At most 10 kB, not cut within a character. */
function beginning(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= longestBodyBytes) return text;
  return new TextDecoder().decode(bytes.subarray(0, longestBodyBytes), { stream: true });
}
