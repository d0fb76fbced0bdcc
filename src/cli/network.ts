import { ProjetusError } from '../core/errors.ts';
import type { Network } from '../net/http.ts';
import type { World } from './world.ts';

/**
 * How we meet other services: the proxies are those that every program on this machine is told of. Throws `usage` for an
 * address of a proxy that is none: nothing could be fetched, and nobody told.
 */
export function networkOf({ env }: Pick<World, 'env'>, pipelineVersion: string): Network {
  const variable = (name: string) => env[name.toLowerCase()] || env[name] || '';
  const proxy = (name: string) => proxyAddress(name, variable(name));
  const http = proxy('HTTP_PROXY');
  const proxies = { http, https: proxy('HTTPS_PROXY') || http, except: variable('NO_PROXY') };
  return { userAgent: `projetus/${pipelineVersion}`, timeoutMs: 10_000, ca: null, proxies };
}

/** `proxy:3128` is `http://proxy:3128`, as for curl. */
function proxyAddress(name: string, value: string): string {
  const address = value === '' || value.includes('://') ? value : `http://${value}`;
  if (address === '' || (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol))) return address;
  // The value may hold a password.
  throw new ProjetusError('usage', `The environment's ${name} is not the address of a proxy.`, {
    hint: `set it to http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, or take it out`,
  });
}
