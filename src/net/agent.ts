import type { EnvHttpProxyAgent } from 'undici';

/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY; '' is none. */
export type Proxies = { readonly http: string; readonly https: string; readonly except: string };

/** Whom we trust, and by what way we go. */
export type Way = {
  /** Certificates to trust instead of the system's, PEM: for tests. */
  readonly ca: string | null;
  readonly proxies: Proxies;
};

/** For the connections to servers and to proxies. `connect`: more for those without a proxy. */
export function agentOptions({ ca, proxies }: Way, connectMs: number, connect: object = {}): EnvHttpProxyAgent.Options {
  // Said, so that NODE_TLS_REJECT_UNAUTHORIZED cannot take it away.
  const trust = { timeout: connectMs, rejectUnauthorized: true, ...(ca === null ? {} : { ca }) };
  return {
    allowH2: false,
    connect: { ...trust, ...connect },
    requestTls: trust,
    proxyTls: trust,
    httpProxy: proxies.http,
    httpsProxy: proxies.https,
    noProxy: proxies.except,
  };
}
