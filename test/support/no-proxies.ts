import type { Proxies } from '../../src/net/agent.ts';

export const noProxies: Proxies = { http: '', https: '', except: '' };
