import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isPrivateAddress, publicLookup } from '../../src/net/private-address.ts';
import { shownAddress } from '../../src/net/shown-address.ts';
import { localhostCertificate } from '../support/localhost-certificate.ts';
import type { Fault } from '../support/file-server.ts';
import { monday, openDesk, type Desk } from './desk.ts';
import { noProxies } from '../support/no-proxies.ts';
import { proxyTunnel } from '../support/proxy-tunnel.ts';

const csv = 'id;nome\n1;a\n';
const to =
  (location: string, status = 302): Fault =>
  (response) =>
    response.writeHead(status, { location }).end();
/** An address of a network for documentation (RFC 5737), which only a proxy can answer for. */
const outside = 'http://203.0.113.7';
const throughServer = ({ server }: Desk) => ({
  network: { userAgent: 'x', ca: null, proxies: { http: server.url, https: '', except: '127.0.0.1,localhost' } },
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('is followed: %i', async (status) => {
    await using desk = await openDesk();
    desk.server.put('/new/obras.csv', csv);
    desk.server.faults.push(to('/new/obras.csv', status));
    expect(await desk.fetchOne(`${desk.server.url}/obras.csv`)).toMatchObject({
      status: 'fetched',
      attempts: 1,
      file: 'obras.csv',
    });
  });

  it('is followed five times, and no more', async () => {
    await using desk = await openDesk();
    desk.server.put('/obras.csv', csv);
    desk.server.faults.push(...Array.from({ length: 5 }, () => to('/obras.csv')));
    expect(await desk.fetchOne(`${desk.server.url}/obras.csv`)).toMatchObject({ error: null });
    desk.server.faults.push(...Array.from({ length: 100 }, () => to('/obras.csv')));
    const looping = await desk.fetchOne(`${desk.server.url}/x/obras.csv`);
    expect(looping).toMatchObject({ attempts: 1, error: { code: 'download-misled' } });
    expect(desk.server.requests).toHaveLength(12);
  });

  it.each([
    { what: 'to nowhere', location: 'http://[x', said: 'redirects to nowhere' },
    { what: 'to a file of this machine', location: 'file:///etc/passwd', said: 'redirects to what is no web address' },
  ])('is not followed $what', async ({ location, said }) => {
    await using desk = await openDesk();
    desk.server.faults.push(to(location));
    const { error } = await desk.fetchOne(`${desk.server.url}/obras.csv`);
    expect(error).toMatchObject({ code: 'download-misled', message: `${desk.server.url}/obras.csv ${said}` });
  });

  it('is not followed from https to http', async () => {
    await using desk = await openDesk(true);
    await using plain = await openDesk();
    plain.server.put('/obras.csv', csv);
    desk.server.faults.push(to(`${plain.server.url}/obras.csv`));
    const network = { userAgent: 'x', ca: localhostCertificate, proxies: noProxies };
    const { error } = await desk.fetchOne(`${desk.server.url}/obras.csv`, { network });
    expect(error).toMatchObject({ code: 'download-misled', message: expect.stringContaining('from https to http') as string });
    expect(plain.server.requests).toEqual([]);
  });

  it.each([{ host: '127.0.0.1' }, { host: 'localhost' }, { host: '[::ffff:127.0.0.1]' }, { host: '2130706433' }])(
    'is not followed from outside to inside: $host',
    async ({ host }) => {
      await using desk = await openDesk();
      await using inside = await openDesk();
      inside.server.put('/obras.csv', csv);
      const { port } = new URL(inside.server.url);
      desk.server.faults.push(to(`http://${host}:${port}/obras.csv`));
      const report = await desk.fetchOne(`${outside}/obras.csv`, throughServer(desk));
      expect(report).toMatchObject({ attempts: 1, error: { code: 'download-misled' } });
      expect(report.error!.message).toBe(`${outside}/obras.csv redirects to an address inside of a private network`);
      expect(inside.server.requests).toEqual([]);
    },
  );

  it('is followed to inside when the configuration allows it, or the address is inside itself', async () => {
    await using desk = await openDesk();
    await using inside = await openDesk();
    inside.server.put('/obras.csv', csv);
    const address = `${inside.server.url}/obras.csv`;
    desk.server.faults.push(to(address), to(address));
    const allowed = { ...throughServer(desk), settings: { mayRedirectInside: true } };
    expect(await desk.fetchOne(`${outside}/obras.csv`, allowed)).toMatchObject({ error: null });
    expect(await desk.fetchOne(`${desk.server.url}/obras.csv`)).toMatchObject({ error: null });
    expect(inside.server.requests).toHaveLength(2);
  });

  it('takes user and password along to the same server only', async () => {
    await using desk = await openDesk();
    await using stranger = await openDesk();
    stranger.server.put('/obras.csv', csv);
    desk.server.faults.push(to('/next'), to(`${stranger.server.url.replace('//', '//eva:own@')}/obras.csv`));
    expect(await desk.fetchOne(`${desk.server.url.replace('//', '//ana:p%40ss@')}/obras.csv`)).toMatchObject({ error: null });
    const basic = `Basic ${Buffer.from('ana:p@ss').toString('base64')}`;
    expect(desk.server.requests.map(({ headers }) => headers['authorization'])).toEqual([basic, basic]);
    expect(stranger.server.requests[0]!.headers).not.toHaveProperty('authorization');
  });
});

describe('a private address', () => {
  it.each([
    ['127.0.0.1', true],
    ['10.1.2.3', true],
    ['172.31.255.255', true],
    ['172.32.0.1', false],
    ['192.168.0.1', true],
    ['169.254.169.254', true],
    ['100.100.100.200', true],
    ['0.0.0.0', true],
    ['255.255.255.255', true],
    ['8.8.8.8', false],
    ['::1', true],
    ['::', true],
    ['fe80::1%eth0', true],
    ['fd00::1', true],
    ['::ffff:10.0.0.1', true],
    ['::ffff:8.8.8.8', false],
    ['64:ff9b::7f00:1', true],
    ['2606:4700::1111', false],
  ])('%s: %s', (address, isPrivate) => {
    expect(isPrivateAddress(address)).toBe(isPrivate);
  });

  it.each([{ all: true }, { all: false }])('is found behind a name when the connection is made: %j', async (options) => {
    const error = await new Promise((resolve) => publicLookup('localhost', options, (error) => resolve(error)));
    expect(error).toMatchObject({ code: 'EPRIVATE' });
  });
});

describe('a server of https', () => {
  it('is refused at once when its certificate cannot be verified, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    await using desk = await openDesk(true);
    const report = await desk.fetchOne(`${desk.server.url}/obras.csv`);
    expect(report).toMatchObject({ attempts: 1, error: { code: 'download-untrusted' } });
    expect(report.error!.message).toContain('the certificate of the server is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)');
    expect(desk.server.requests).toEqual([]);
  });

  it('is reached through a proxy that tunnels, which learns the name only', async () => {
    await using desk = await openDesk(true);
    desk.server.put('/obras.csv', csv);
    await using proxy = await proxyTunnel();
    const proxies = { http: '', https: proxy.url.replace('//', '//ana:p%40ss@'), except: '' };
    expect(
      await desk.fetchOne(`${desk.server.url}/obras.csv?t=1`, { network: { userAgent: 'x', ca: localhostCertificate, proxies } }),
    ).toMatchObject({
      error: null,
    });
    expect(proxy.asked).toEqual([
      { host: new URL(desk.server.url).host, as: `Basic ${Buffer.from('ana:p@ss').toString('base64')}` },
    ]);
  });
});

it('HTTP_PROXY is asked, but for the hosts of NO_PROXY', async () => {
  await using desk = await openDesk();
  desk.server.put('/obras.csv', csv);
  expect(await desk.fetchOne(`${outside}/obras.csv`, throughServer(desk))).toMatchObject({
    error: null,
    url: `${outside}/obras.csv`,
  });
  expect(desk.server.requests.at(-1)!.path).toBe(`${outside}/obras.csv`);
  await desk.fetchOne(`${desk.server.url}/obras.csv`, throughServer(desk));
  expect(desk.server.requests.at(-1)!.path).toBe('/obras.csv');
  expect(await desk.files()).toEqual({ [`${monday}/obras.csv`]: csv });
});

it.each([
  ['https://ana:s3cret@host.example/a/obras.csv?token=s3cret#x', 'https://host.example/a/obras.csv?***'],
  ['http://host.example/obras.csv', 'http://host.example/obras.csv'],
  ['http://[s3cret', 'an address that is none'],
])('shows of %s only %s', (url, shown) => {
  expect(shownAddress(url)).toBe(shown);
});
