import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { HttpFailure, httpRequest, type HttpRequest, type Network } from '../../src/net/http.ts';
import { proxyTunnel } from '../support/proxy-tunnel.ts';
import { localhostCertificate } from '../support/localhost-certificate.ts';
import { scriptedHttp, type Answer } from '../support/scripted-http.ts';
import { noProxies } from '../support/no-proxies.ts';

const network: Network = { userAgent: 'projetus/0.0.0+test', timeoutMs: 10_000, ca: null, proxies: noProxies };
const never = new AbortController().signal;
const ok = (): Answer => ({ status: 200, body: 'ok' });
const get = (url: string): HttpRequest => ({ url, method: 'GET', headers: {}, body: null });

describe('an HTTP request', () => {
  it('sends method, path, headers and body, and says who we are', async () => {
    await using server = await scriptedHttp(ok);
    const url = `${server.url}/a/b?c=d%20e`;
    const answer = await httpRequest(network, { url, method: 'POST', headers: { 'x-own': 'ü' }, body: 'café' }, never);
    expect(answer).toMatchObject({ status: 200, body: 'ok' });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/a/b?c=d%20e', body: 'café' });
    expect(request!.headers).toMatchObject({ 'user-agent': 'projetus/0.0.0+test' });
  });

  it('sends user and password of the address as basic authentication', async () => {
    await using server = await scriptedHttp(ok);
    await httpRequest(network, get(server.url.replace('//', '//ana:p%40ss@')), never);
    expect(server.requests[0]!.headers['authorization']).toBe(`Basic ${Buffer.from('ana:p@ss').toString('base64')}`);
  });

  it('goes through HTTP_PROXY, but not to the hosts of NO_PROXY', async () => {
    await using proxy = await scriptedHttp(ok);
    await using server = await scriptedHttp(ok);
    const behind = { ...network, proxies: { http: proxy.url, https: '', except: '127.0.0.1' } };
    // An address of a network for documentation (RFC 5737), which only a proxy can answer for.
    expect(await httpRequest(behind, get('http://203.0.113.7/a?b=c'), never)).toMatchObject({ status: 200 });
    expect(proxy.requests).toMatchObject([{ method: 'GET', path: 'http://203.0.113.7/a?b=c' }]);
    expect(await httpRequest(behind, get(server.url), never)).toMatchObject({ status: 200 });
    expect([proxy.requests.length, server.requests.length]).toEqual([1, 1]);
  });

  it('goes through a tunnel of HTTPS_PROXY, which learns of it the name of the server and no more', async () => {
    await using server = await scriptedHttp(ok, true);
    await using proxy = await proxyTunnel();
    const proxies = { http: '', https: proxy.url.replace('//', '//ana:p%40ss@'), except: '' };
    const url = `${server.url.replace('127.0.0.1', 'localhost')}/a-secret-path`;
    expect(await httpRequest({ ...network, ca: localhostCertificate, proxies }, get(url), never)).toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([{ host: new URL(url).host, as: `Basic ${Buffer.from('ana:p@ss').toString('base64')}` }]);
    await expect(httpRequest({ ...network, proxies }, get(url), never)).rejects.toThrow('certificate');
  });

  it('says when a proxy does not let it pass, and not what it was told', async () => {
    await using proxy = await scriptedHttp(() => ({ status: 407 }));
    const proxies = { http: '', https: proxy.url.replace('//', '//ana:s3cr3t@'), except: '' };
    const error = await httpRequest({ ...network, proxies }, get('https://203.0.113.7/a-secret-path'), never).catch(String);
    expect(error).toBe('HttpFailure: the proxy did not let it pass (UND_ERR_PRX_CONN)');
  });

  it('follows no redirect', async () => {
    await using server = await scriptedHttp(() => ({ status: 302, headers: { location: '/elsewhere' } }));
    expect(await httpRequest(network, get(server.url), never)).toMatchObject({ status: 302 });
    expect(server.requests).toHaveLength(1);
  });

  it('reads 64 kB of an answer and no more', async () => {
    await using server = await scriptedHttp(ok);
    server.script.push('endless');
    const startedAt = performance.now();
    expect((await httpRequest(network, get(server.url), never)).body).toHaveLength(64 * 1024);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('leaves no connection open', async () => {
    await using server = await scriptedHttp(ok);
    await httpRequest(network, get(server.url), never);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.connections()).toBe(0);
  });

  it('takes an answer that stops in its text for the answer that its status is', async () => {
    await using server = await scriptedHttp(ok);
    server.script.push('hang in the text');
    const answer = await httpRequest({ ...network, timeoutMs: 300 }, get(server.url), never);
    expect(answer).toMatchObject({ status: 200, body: '{"ok":true' });
  });

  it('trusts only certificates that it can verify, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    await using server = await scriptedHttp(ok, true);
    await expect(httpRequest(network, get(server.url), never)).rejects.toThrow('not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)');
    expect(server.requests).toEqual([]);
    expect(await httpRequest({ ...network, ca: localhostCertificate }, get(server.url), never)).toMatchObject({ status: 200 });
  });

  it.each([
    { what: 'an address that is none', request: get('http://[c4nary') },
    { what: 'a password that is not encoded', request: get('http://ana:100%c4nary@127.0.0.1/') },
    {
      what: 'a header with a line break',
      request: { ...get('http://127.0.0.1:9'), headers: { authorization: 'c4nary\r\nx: y' } },
    },
  ])('says that another try will not help, and nothing of the request: $what', async ({ request }) => {
    const error: unknown = await httpRequest(network, request, never).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(HttpFailure);
    expect(error).toMatchObject({ isPermanent: true, message: 'the address or a header is not valid' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('c4nary');
  });

  it('says that a name is not known, without the name', async () => {
    const error: unknown = await httpRequest(network, get('http://c4nary.invalid/'), never).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ isPermanent: false });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('c4nary');
  });

  it('gives up on a connection that is never made', async () => {
    // A documentation network (RFC 5737): packets to it go nowhere, or are refused at once.
    const startedAt = performance.now();
    await expect(httpRequest({ ...network, timeoutMs: 500 }, get('http://192.0.2.1:81/'), never)).rejects.toThrow(HttpFailure);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('is interrupted at once while it waits for an answer', async () => {
    await using server = await scriptedHttp(ok);
    server.script.push('hang');
    const abort = new AbortController();
    const asking = httpRequest(network, get(server.url), abort.signal).catch((error: unknown) => error);
    setTimeout(() => abort.abort(), 50);
    const startedAt = performance.now();
    expect(await asking).toMatchObject({ message: 'interrupted', isPermanent: false });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
