import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ping, type PingEvent } from '../../src/monitoring/ping.ts';
import type { Network } from '../../src/net/http.ts';
import { scriptedHttp, type Answer, type Reaction } from '../support/scripted-http.ts';
import { noProxies } from '../support/no-proxies.ts';

const network: Network = { userAgent: 'projetus/0.0.0+test', timeoutMs: 5000, ca: null, proxies: noProxies };
const never = new AbortController().signal;
const ok = (): Answer => ({ status: 200, body: 'OK' });
const start: PingEvent = { kind: 'start' };
const run = { runId: '20261122T121500-3f9a1c', summary: null };
const rid = /rid=[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;

describe('a ping', () => {
  const events: readonly { event: PingEvent; path: string; method: string; summary: string | null }[] = [
    { event: start, path: '/ping/uuid/start?', method: 'GET', summary: null },
    { event: { kind: 'end', exitCode: 0 }, path: '/ping/uuid/0?', method: 'POST', summary: 'carga feita: 10.002 lidos' },
    { event: { kind: 'end', exitCode: 75 }, path: '/ping/uuid/75?', method: 'POST', summary: '' },
  ];
  it.each(events)('of $event: $path', async ({ event, path, method, summary }) => {
    await using server = await scriptedHttp(ok);
    const pinged = await ping(network, `${server.url}/ping/uuid`, event, { ...run, summary }, never);
    expect(pinged).toEqual({ isTold: true, reason: null });
    const [request] = server.requests;
    expect(request).toMatchObject({ method, body: summary ?? '' });
    expect(request!.path.slice(0, path.length)).toBe(path);
    expect(request!.path).toMatch(rid);
  });

  it('has one UUID for a run, and another for another run', async () => {
    await using server = await scriptedHttp(ok);
    await ping(network, server.url, start, run, never);
    await ping(network, server.url, { kind: 'end', exitCode: 0 }, run, never);
    await ping(network, server.url, start, { ...run, runId: '20261123T121500-3f9a1c' }, never);
    const [first, second, third] = server.requests.map(({ path }) => path.split('rid=')[1]);
    expect(first).toBe(second);
    expect(first).not.toBe(third);
  });

  it.each([
    { base: '/a?token=b%20c', path: '/a/start?token=b%20c&rid=' },
    { base: '/a/?token=b', path: '/a/start?token=b&rid=' },
    { base: '', path: '/start?rid=' },
    { base: '/key/slug?create=1#x', path: '/key/slug/start?create=1&rid=' },
  ])('keeps what the address has: $base', async ({ base, path }) => {
    await using server = await scriptedHttp(ok);
    await ping(network, `${server.url}${base}`, start, run, never);
    expect(server.requests[0]!.path.replace('b+c', 'b%20c').slice(0, path.length)).toBe(path);
  });

  it('sends at most 10 kB of the summary, and no half character', async () => {
    await using server = await scriptedHttp(ok);
    const summary = `a${'é'.repeat(1_000_000)}`;
    await ping(network, server.url, { kind: 'end', exitCode: 0 }, { ...run, summary }, never);
    expect(server.requests[0]!.body).toBe(`a${'é'.repeat(4999)}`);
  });

  const failures: readonly { what: string; reaction: Reaction; reason: RegExp }[] = [
    { what: '404', reaction: { status: 404, body: 'not found' }, reason: /^the ping was answered 404 not found$/ },
    { what: 'a check that is not known', reaction: { status: 200, body: 'OK (not found)' }, reason: /200 OK \(not found\)$/ },
    { what: 'too many', reaction: { status: 200, body: 'OK (rate limited)' }, reason: /rate limited/ },
    { what: 'a redirect', reaction: { status: 301, headers: { location: '/' } }, reason: /answered 301/ },
    {
      what: 'an echo',
      reaction: ({ path }) => ({ status: 500, body: `no ${path}` }),
      reason: /^the ping was answered 500 no \S*\*\*\*/,
    },
    { what: 'a server that hangs', reaction: 'hang', reason: /no answer within 0.5 s/ },
    { what: 'a cut connection', reaction: 'reset', reason: /\(ECONNRESET|UND_ERR_SOCKET\)/ },
  ];
  it.each(failures)('that fails says so and throws nothing: $what', async ({ reaction, reason }) => {
    await using server = await scriptedHttp(ok);
    server.script.push(reaction);
    const pinged = await ping({ ...network, timeoutMs: 500 }, `${server.url}/c4nary-token`, start, run, never);
    expect(pinged).toMatchObject({ isTold: false, reason: expect.stringMatching(reason) as string });
    expect(inspect(pinged)).not.toMatch(/c4nary|127\.0/);
  });

  it.each(['nonsense', 'http://[c4nary', 'ftp://c4nary.example.org', 'http://127.0.0.1:9/c4nary'])(
    'throws nothing for the address %s',
    async (url) => {
      const pinged = await ping(network, url, start, run, never);
      expect(pinged.isTold).toBe(false);
      expect(pinged.reason).not.toContain('c4nary');
    },
  );

  it('ends at once when it is aborted', async () => {
    await using server = await scriptedHttp(ok);
    server.script.push('hang');
    const pinged = await ping(network, server.url, start, run, AbortSignal.timeout(50));
    expect(pinged).toEqual({ isTold: false, reason: 'the ping failed: interrupted' });
  });
});
