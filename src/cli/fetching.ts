import { patience, type Fetching } from '../fetch/fetching.ts';
import type { World } from './world.ts';

/** How files are fetched: the proxies are those that every program on this machine is told of. */
export function fetchingOf({ env }: World): Fetching {
  const variable = (name: string) => env[name.toLowerCase()] || env[name] || '';
  const http = variable('HTTP_PROXY');
  const https = variable('HTTPS_PROXY');
  return { ...patience, proxies: { http, https: https || http, except: variable('NO_PROXY') } };
}
