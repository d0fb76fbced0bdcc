import { chmod, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localhostCertificate } from '../support/localhost-certificate.ts';
import { scriptedHttp } from '../support/scripted-http.ts';
import { ward, network } from './patient.ts';

const webhook = (url: string) => `alerting: { webhook: { enabled: true, url: "${url}" } }\n`;

describe('doctor', () => {
  it('finds nothing wrong with what is ready, and says how to mend every warning', async () => {
    await using http = await scriptedHttp(() => ({ status: 200 }));
    await using place = await ward(webhook(`${http.url}/hook`));
    const { report } = await place.doctor();
    expect(report).toMatchObject({ schema: 'projetus.doctor/1', status: 'ok', exit_code: 0, pipeline_version: '0.0.0+test' });
    for (const { status, fix } of report.findings) expect({ status, fix }).toEqual({ status: 'ok', fix: null });
    // Connected, and nothing asked.
    expect(http.requests).toEqual([]);
  });

  it('says that a Node is too old', async () => {
    await using place = await ward();
    const { report, of } = await place.doctor({}, { nodeVersion: '22.11.0' });
    expect(report.exit_code).toBe(2);
    expect(of('node')).toMatchObject([{ status: 'fail', fix: expect.stringContaining('24') as string }]);
  });

  it.each([
    { title: 'is not there', text: null, says: /there is no .*config\.yaml/ },
    { title: 'is wrong', text: 'nonsense: 1\n', says: /nonsense/ },
    {
      title: 'lacks a variable',
      text: 'database: { url: "${NO_SUCH_URL}" }\nextraction: { files: [{ name: a, key: [id] }] }\n',
      says: /NO_SUCH_URL/,
    },
  ])('says what it can when the configuration $title', async ({ text, says }) => {
    await using place = await ward();
    if (text === null) await rm(join(place.folder, 'config.yaml'));
    else await place.write('config.yaml', text);
    const { report, of } = await place.doctor();
    expect(report).toMatchObject({ status: 'failing', exit_code: 2 });
    expect(of('configuration')).toMatchObject([{ status: 'fail', message: expect.stringMatching(says) as string }]);
    expect(of('node')).toMatchObject([{ status: 'ok' }]);
  });

  it('warns of a configuration that others may write, and of secrets that they may read', async () => {
    await using place = await ward();
    await place.write('.env', 'A=1');
    await chmod(join(place.folder, 'config.yaml'), 0o666);
    await chmod(join(place.folder, '.env'), 0o644);
    await chmod(place.folder, 0o777);
    const { report, of } = await place.doctor();
    expect(report.exit_code).toBe(0);
    expect(of('permissions').map(({ status, fix }) => `${status}: ${fix?.replaceAll(place.folder, '')}`)).toEqual([
      'warn: chmod o-w /config.yaml',
      'warn: chmod o-w ',
      'warn: chmod 600 /.env',
    ]);
  });

  it('makes no embedded database', async () => {
    await using place = await ward();
    const { of } = await place.doctor();
    expect(of('database')).toMatchObject([{ status: 'ok', message: expect.stringContaining('not there yet') as string }]);
    await expect(rm(join(place.folder, 'data/db'))).rejects.toThrow('ENOENT');
  });

  it.each([
    { title: 'refuses connections', url: 'postgres://u:s3cr3t@127.0.0.1:1/db', code: 75 },
    { title: 'has no known name', url: 'postgres://u:s3cr3t@no-such-host.invalid/db', code: 75 },
  ])('says that a server $title, without the password', async ({ url, code }) => {
    await using place = await ward();
    const { report, of } = await place.doctor({ DATABASE_URL: url });
    expect(report.exit_code).toBe(code);
    expect(of('database')).toMatchObject([{ status: 'fail' }]);
    expect(JSON.stringify(report)).not.toContain('s3cr3t');
  });

  it('says that the folder of raw files is not there, or lacks files', async () => {
    await using place = await ward();
    await rm(join(place.folder, 'data/raw/2026-11-20/obras.csv'));
    const empty = await place.doctor();
    expect(empty.of('raw_dir')).toMatchObject([{ status: 'warn', message: expect.stringContaining('none for obras') as string }]);
    await rm(join(place.folder, 'data/raw'), { recursive: true });
    const gone = await place.doctor();
    expect(gone.of('raw_dir')).toMatchObject([{ status: 'fail', fix: expect.stringContaining('mkdir -p') as string }]);
    expect(gone.report.exit_code).toBe(2);
  });

  it('says when runs are due by the clock of the machine', async () => {
    await using place = await ward();
    expect(
      (await place.doctor({}, { machineZone: 'Europe/Lisbon', clock: () => new Date('2026-07-01T00:00:00Z') })).of('time zone'),
    ).toMatchObject([
      {
        status: 'ok',
        message: 'runs are due at 09:15 in America/Sao_Paulo, 12:15 UTC, 13:15 by this machine’s clock (Europe/Lisbon)',
      },
    ]);
  });
});

describe('the channels', () => {
  it('are connected to, also over TLS with a certificate that is trusted', async () => {
    await using http = await scriptedHttp(() => ({ status: 200 }), true);
    const url = http.url.replace('127.0.0.1', 'localhost');
    await using place = await ward(webhook(`${url}/a-secret-path`));
    expect((await place.doctor({}, { network: { ...network, ca: localhostCertificate } })).of('webhook')).toMatchObject([
      { status: 'ok' },
    ]);
    const untrusted = await place.doctor();
    expect(untrusted.of('webhook')).toMatchObject([
      { status: 'fail', message: expect.stringContaining('certificate') as string },
    ]);
    expect(untrusted.report.exit_code).toBe(75);
    expect(http.requests).toEqual([]);
  });

  it('are asked by the way of a proxy where there is one', async () => {
    await using proxy = await scriptedHttp(() => ({ status: 404 }));
    await using place = await ward(webhook('http://203.0.113.7/a-secret-path'));
    const behind = { network: { ...network, proxies: { http: proxy.url, https: '', except: '' } } };
    expect((await place.doctor({}, behind)).of('webhook')).toMatchObject([{ status: 'ok' }]);
    expect(proxy.requests).toMatchObject([{ method: 'HEAD', path: 'http://203.0.113.7/' }]);
    proxy.script.push({ status: 502 });
    expect((await place.doctor({}, behind)).of('webhook')).toMatchObject([
      {
        status: 'fail',
        message: 'cannot be reached: the proxy answered 502',
        fix: expect.stringContaining('NO_PROXY') as string,
      },
    ]);
  });

  it.each([
    { title: 'a closed port', url: 'http://127.0.0.1:1/s3cr3t-path', says: 'connection refused' },
    { title: 'a name that is not known', url: 'https://s3cr3t.invalid/', says: 'name of the server' },
  ])('cannot be reached at $title, and nothing of the address is said', async ({ url, says }) => {
    await using place = await ward(webhook(url));
    const { report, of } = await place.doctor();
    expect(of('webhook')).toMatchObject([{ status: 'fail', message: expect.stringContaining(says) as string }]);
    expect(report.exit_code).toBe(75);
    expect(JSON.stringify(report)).not.toContain('s3cr3t');
  });

  it('are given up when a server takes no connection', async () => {
    // A server that never speaks TLS.
    await using server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await using place = await ward(webhook(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`));
    expect((await place.doctor()).of('webhook')).toMatchObject([
      { status: 'fail', message: 'cannot be reached: no connection within 5 s' },
    ]);
    server.close();
  });

  it('are missed when there is none', async () => {
    await using place = await ward();
    expect((await place.doctor()).of('channels')).toMatchObject([{ status: 'warn' }]);
  });
});

describe('on Railway', () => {
  const env = { RAILWAY_ENVIRONMENT_NAME: 'production', RAILWAY_VOLUME_MOUNT_PATH: '/app/data' };
  const deploy = { startCommand: 'projetus run --timeout 90m', cronSchedule: '15 12,14 * * *', restartPolicyType: 'NEVER' };

  it('the shipped settings are right', async () => {
    await using place = await ward();
    await place.write('railway.json', JSON.stringify({ deploy }));
    expect((await place.doctor(env)).of('railway')).toMatchObject([{ status: 'ok' }]);
  });

  it('elsewhere nothing is said of it', async () => {
    await using place = await ward();
    expect((await place.doctor()).of('railway')).toEqual([]);
  });

  it.each([
    { change: { restartPolicyType: 'ON_FAILURE' }, status: 'fail', says: /NEVER/ },
    { change: { restartPolicyType: undefined }, status: 'fail', says: /not set[^]*NEVER/ },
    { change: { cronSchedule: '15 9 * * *' }, status: 'fail', says: /"15 9 \* \* \*" \(UTC\)[^]*"15 12 \* \* \*"/ },
    { change: { cronSchedule: undefined }, status: 'fail', says: /no cronSchedule[^]*"15 12 \* \* \*"/ },
    { change: { cronSchedule: '*/5 * * * *' }, status: 'warn', says: /cannot be compared/ },
    { change: { startCommand: 'projetus run' }, status: 'warn', says: /--timeout/ },
  ])('$change is found', async ({ change, status, says }) => {
    await using place = await ward();
    await place.write('railway.json', JSON.stringify({ deploy: { ...deploy, ...change } }));
    const found = (await place.doctor(env)).of('railway');
    expect(found.map((finding) => finding.status)).toEqual([status]);
    expect(`${found[0]!.message} ${found[0]!.fix}`).toMatch(says);
  });

  it.each([null, 'no JSON'])('the settings are told where railway.json is %s', async (text) => {
    await using place = await ward();
    if (text !== null) await writeFile(join(place.folder, 'railway.json'), text);
    expect((await place.doctor(env)).of('railway')).toMatchObject([
      { status: 'warn', fix: expect.stringMatching(/Never.*15 12 \* \* \*.*--timeout/) as string },
    ]);
  });

  it('blocked ports of mail, a database in the container, and a zone with summer time are found', async () => {
    await using place = await ward(
      'alerting: { email: { enabled: true, smtp_host: 127.0.0.1, smtp_port: 2525, from: a@example.org, to: [b@example.org] } }\n',
    );
    await place.write('railway.json', JSON.stringify({ deploy }));
    const found = (await place.doctor({ RAILWAY_ENVIRONMENT_NAME: 'production' })).of('railway');
    expect(found.map(({ message }) => message).join('\n')).toMatch(/port 2525[^]*embedded database/);
  });
});
