import type { Network } from '../net/http.ts';

/** How we meet other services. */
export function networkOf(pipelineVersion: string): Network {
  return { userAgent: `projetus/${pipelineVersion}`, timeoutMs: 10_000, ca: null };
}
