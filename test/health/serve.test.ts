import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { serve, textPage, type Pages } from '../../src/health/serve.ts';

const pages: Pages = {
  '/health': async () => ({ status: 503, contentType: 'application/json', text: '{"status":"unhealthy"}\n' }),
  '/live': async () => textPage(200, 'alive'),
  '/bug': async () => {
    throw new Error('secret detail');
  },
};

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

/** A server of these pages on a free port, to the end of `await using`. */
async function served(host = '127.0.0.1') {
  const stop = new AbortController();
  const failures: unknown[] = [];
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  const ended = serve({
    address: { host, port: 0 },
    pages,
    signal: stop.signal,
    onListening: resolve,
    onFailure: (error) => failures.push(error),
  });
  const url = await Promise.race([listening, ended.then(() => '')]);
  return {
    url,
    port: Number(new URL(url).port),
    failures,
    stop: async () => {
      stop.abort();
      await ended;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await ended;
    },
  };
}

/** What comes back for these bytes, until the server closes the connection, and after how long. */
async function raw(port: number, bytes: string): Promise<{ text: string; ms: number }> {
  const started = performance.now();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.write(bytes);
  await once(socket, 'close');
  return { text, ms: performance.now() - started };
}

describe('the server of health', () => {
  it.each([
    { path: '/health', method: 'GET', status: 503, text: '{"status":"unhealthy"}\n' },
    { path: '/health?from=probe', method: 'GET', status: 503, text: '{"status":"unhealthy"}\n' },
    { path: '/live', method: 'GET', status: 200, text: 'alive\n' },
    { path: '/live', method: 'HEAD', status: 200, text: '' },
    { path: '/live', method: 'POST', status: 405, text: 'only GET\n' },
    { path: '/health', method: 'DELETE', status: 405, text: 'only GET\n' },
    { path: '/', method: 'GET', status: 404, text: 'there is /health, /live, /bug\n' },
    { path: '/health/', method: 'GET', status: 404, text: 'there is /health, /live, /bug\n' },
    { path: '/toString', method: 'GET', status: 404, text: 'there is /health, /live, /bug\n' },
    { path: '/../etc/passwd', method: 'POST', status: 404, text: 'there is /health, /live, /bug\n' },
  ])('answers $method $path with $status', async ({ path, method, status, text }) => {
    await using server = await served();
    const response = await fetch(`${server.url}${path}`, { method });
    expect([response.status, await response.text()]).toEqual([status, text]);
    expect(response.headers.get('allow')).toBe(status === 405 ? 'GET, HEAD' : null);
  });

  it('says nothing of a bug but that it is one, and tells it at home', async () => {
    await using server = await served();
    const response = await fetch(`${server.url}/bug`);
    expect([response.status, await response.text()]).toEqual([500, 'a bug in projetus\n']);
    expect(server.failures).toMatchObject([{ message: 'secret detail' }]);
  });

  it.skipIf(!hasIpv6)('serves IPv6', async () => {
    await using server = await served('::1');
    expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${server.url}/live`)).status).toBe(200);
  });

  it('refuses headers of more than 8 KB', async () => {
    await using server = await served();
    const { text } = await raw(server.port, `GET /live HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(9_000)}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('cuts off a body that nobody wants', async () => {
    await using server = await served();
    const { text, ms } = await raw(
      server.port,
      `GET /live HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n${'a'.repeat(10_000)}`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    // Not by the timeout of requests, which is 5 s.
    expect(ms).toBeLessThan(4_000);
  });

  it('cuts off who sends slowly', async () => {
    await using server = await served();
    const { text, ms } = await raw(server.port, 'GET /live HTTP/1.1\r\nhost: x\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(ms).toBeLessThan(15_000);
  });

  it('survives what is no HTTP', async () => {
    await using server = await served();
    expect((await raw(server.port, '\0\0\x01 hello\r\n\r\n')).text).toMatch(/^HTTP\/1\.1 400 /);
    expect((await fetch(`${server.url}/live`)).status).toBe(200);
  });

  it('takes no more than 64 connections, and is there again afterwards', async () => {
    await using server = await served();
    const sockets = Array.from({ length: 64 }, () => connect(server.port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    await expect(fetch(`${server.url}/live`)).rejects.toThrow('fetch failed');
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(() =>
        fetch(`${server.url}/live`).then(
          (response) => response.status,
          () => 0,
        ),
      )
      .toBe(200);
  });

  it('stops at once, whoever is still connected', async () => {
    const server = await served();
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const cut = once(socket, 'close');
    const started = performance.now();
    await server.stop();
    await cut;
    expect(performance.now() - started).toBeLessThan(4_500);
    await expect(fetch(`${server.url}/live`)).rejects.toThrow('fetch failed');
  });

  it('says when another program has the port', async () => {
    await using server = await served();
    const again = serve({
      address: { host: '127.0.0.1', port: server.port },
      pages,
      signal: new AbortController().signal,
      onListening: () => undefined,
      onFailure: () => undefined,
    });
    await expect(again).rejects.toMatchObject({
      code: 'usage',
      message: `--serve 127.0.0.1:${server.port} cannot be served: another program listens there.`,
    });
  });
});
