import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { zipFile } from '../support/zip-files.ts';
import { bigZip, monday, openDesk, tuesday } from './desk.ts';

const csv = 'id;nome\n1;a\n';
const other = 'id;nome\n1;b\n';
const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');

describe('a file of an address', () => {
  it('is put into the day’s folder, with its checksum and its publisher’s time', async () => {
    await using desk = await openDesk();
    desk.server.put('/d/obras.csv', csv);
    const report = await desk.fetchOne(`${desk.server.url}/d/obras.csv`);
    expect(report).toMatchObject({
      url: `${desk.server.url}/d/obras.csv`,
      datasets: ['obras'],
      file: 'obras.csv',
      status: 'fetched',
      changed: true,
      bytes: csv.length,
      size: csv.length,
      sha256: sha256(csv),
      last_modified: 'Fri, 20 Nov 2026 11:18:29 GMT',
      attempts: 1,
      error: null,
    });
    expect(await desk.files()).toEqual({ [`${monday}/obras.csv`]: csv });
    const { mtime } = await stat(join(desk.rawDir, monday, 'obras.csv'));
    expect(mtime.toISOString()).toBe('2026-11-20T11:18:29.000Z');
    expect(desk.server.requests[0]!.headers).toMatchObject({
      'user-agent': 'projetus/0.0.0+test',
      'accept-encoding': 'identity',
    });
  });

  it('that is the same the next day is not sent again, and is the file of that day too', async () => {
    await using desk = await openDesk();
    desk.server.put('/obras.csv', csv);
    await desk.fetchOne(`${desk.server.url}/obras.csv`);
    const report = await desk.fetchOne(`${desk.server.url}/obras.csv`, { day: tuesday });
    expect(report).toMatchObject({
      status: 'not-modified',
      changed: false,
      bytes: 0,
      size: csv.length,
      file: 'obras.csv',
      attempts: 1,
    });
    expect(desk.server.requests.map(({ status }) => status)).toEqual([200, 304]);
    expect(await desk.files()).toEqual({ [`${monday}/obras.csv`]: csv, [`${tuesday}/obras.csv`]: csv });
  });

  it.each([
    { what: 'is gone', change: (path: string) => rm(path) },
    { what: 'was edited', change: (path: string) => writeFile(path, 'id;nome\n1;z\n') },
    { what: 'is there, and what we knew of it is not', change: (path: string) => rm(join(path, '../.downloads.json')) },
  ])('is asked for whole when the kept one $what', async ({ change }) => {
    await using desk = await openDesk();
    desk.server.put('/obras.csv', csv);
    await desk.fetchOne(`${desk.server.url}/obras.csv`);
    await change(join(desk.rawDir, monday, 'obras.csv'));
    expect(await desk.fetchOne(`${desk.server.url}/obras.csv`, { day: tuesday })).toMatchObject({ status: 'fetched' });
    expect(desk.server.requests.map(({ status }) => status)).toEqual([200, 200]);
  });

  it.each([{ etag: null }, { etag: null, modified: null }, { modified: null }])(
    'is recognised by its content when the server says %j',
    async (said) => {
      await using desk = await openDesk();
      desk.server.put('/obras.csv', csv, said);
      await desk.fetchOne(`${desk.server.url}/obras.csv`);
      const again = await desk.fetchOne(`${desk.server.url}/obras.csv`, { day: tuesday });
      expect(again).toMatchObject({ changed: false, sha256: sha256(csv), error: null });
      expect(await desk.files()).toEqual({ [`${monday}/obras.csv`]: csv, [`${tuesday}/obras.csv`]: csv });
    },
  );

  it('that changes within a day gets a name of its own; what is there is never overwritten', async () => {
    await using desk = await openDesk();
    const url = `${desk.server.url}/obras.csv`;
    for (const [content, file] of [
      [csv, 'obras.csv'],
      [other, 'obras.refetched-2.csv'],
      [other, 'obras.refetched-2.csv'],
      [csv, 'obras.refetched-3.csv'],
    ] as const) {
      desk.server.put('/obras.csv', content);
      expect(await desk.fetchOne(url)).toMatchObject({ file, error: null });
    }
    expect(await desk.files()).toEqual({
      [`${monday}/obras.csv`]: csv,
      [`${monday}/obras.refetched-2.csv`]: other,
      [`${monday}/obras.refetched-3.csv`]: csv,
    });
  });

  it('does not replace a file that a person put there', async () => {
    await using desk = await openDesk();
    await mkdir(join(desk.rawDir, monday), { recursive: true });
    await writeFile(join(desk.rawDir, monday, 'obras.csv'), other);
    desk.server.put('/obras.csv', csv);
    expect(await desk.fetchOne(`${desk.server.url}/obras.csv`)).toMatchObject({ file: 'obras.refetched-2.csv' });
    expect(await desk.files()).toEqual({ [`${monday}/obras.csv`]: other, [`${monday}/obras.refetched-2.csv`]: csv });
  });

  it('is fetched once for all datasets that share it, on one connection with the others', async () => {
    await using desk = await openDesk();
    desk.server.put('/obras.csv', csv);
    desk.server.put('/ruas.csv', other);
    const { url } = desk.server;
    const fetched = await desk.fetch({ obras: `${url}/obras.csv`, obras_partes: `${url}/obras.csv`, ruas: `${url}/ruas.csv` });
    expect(fetched.downloads.map(({ file, datasets }) => [file, datasets])).toEqual([
      ['obras.csv', ['obras', 'obras_partes']],
      ['ruas.csv', ['ruas']],
    ]);
    expect(desk.server.requests).toHaveLength(2);
    expect(desk.server.mostConnections()).toBe(1);
  });

  it('has the name that stands behind #, which is not sent', async () => {
    await using desk = await openDesk();
    desk.server.put('/download', csv);
    expect(await desk.fetchOne(`${desk.server.url}/download?id=5#obras.csv`)).toMatchObject({ file: 'obras.csv' });
    expect(desk.server.requests[0]!.path).toBe('/download?id=5');
  });

  it('whose name its dataset does not match is not even asked for', async () => {
    await using desk = await openDesk();
    const report = await desk.fetchOne(`${desk.server.url}/ruas.csv`);
    expect(report).toMatchObject({ status: 'failed', error: { code: 'config-invalid', file: 'ruas.csv' } });
    expect(report.error!.message).toContain('The "match" of obras does not fit ruas.csv');
    expect(desk.server.requests).toEqual([]);
  });

  it('of a dry run waits where the next run finds it, and the day’s folder stays as it is', async () => {
    await using desk = await openDesk();
    desk.server.put('/obras.csv', csv);
    const url = `${desk.server.url}/obras.csv`;
    const fetched = await desk.fetch({ obras: url }, { isPreview: true });
    expect(fetched.preview).toEqual({ day: monday, folder: join(desk.rawDir, '.incoming'), names: ['obras.csv'] });
    expect(await desk.files()).toEqual({ '.incoming/obras.csv': csv });
    expect(await desk.fetchOne(url)).toMatchObject({ status: 'not-modified', changed: true, file: 'obras.csv' });
    expect(await desk.files()).toEqual({ [`${monday}/obras.csv`]: csv });
    expect(await desk.fetch({ obras: url }, { isPreview: true })).toMatchObject({ preview: null });
    expect(await desk.fetch({ obras: url }, { isPreview: true, day: tuesday })).toMatchObject({
      preview: { names: ['obras.csv'] },
    });
  });
});

describe('what arrives', () => {
  it.each([
    {
      what: 'a web page',
      path: '/obras.zip',
      body: '<!DOCTYPE html><html>Em manutenção</html>',
      code: 'source-disguised',
      attempts: 1,
    },
    {
      what: 'a web page named csv',
      path: '/obras.csv',
      body: ' <html>Em manutenção</html>',
      code: 'source-disguised',
      attempts: 1,
    },
    { what: 'JSON', path: '/obras.csv', body: '{ "error": "x" }', code: 'source-disguised', attempts: 1 },
    { what: 'text named zip', path: '/obras.zip', body: csv, code: 'source-disguised', attempts: 1 },
    { what: 'nothing', path: '/obras.csv', body: '', code: 'source-empty', attempts: 1 },
    {
      what: 'a zip that ends too early',
      path: '/obras.zip',
      body: bigZip(1).subarray(0, 9_000),
      code: 'source-truncated',
      attempts: 2,
    },
    {
      what: 'a zip with a wrong checksum',
      path: '/obras.zip',
      body: zipFile([{ name: 'obras.csv', data: csv, crc: 7 }]),
      code: 'source-unreadable',
      attempts: 2,
    },
    {
      what: 'a bomb',
      path: '/obras.zip',
      body: zipFile([{ name: 'obras.csv', data: Buffer.alloc(70_000_000) }]),
      code: 'source-bomb',
      attempts: 1,
    },
    {
      what: 'a zip that leads out of its folder',
      path: '/obras.zip',
      body: zipFile([{ name: '../obras.csv', data: csv }]),
      code: 'source-unsafe',
      attempts: 1,
    },
  ])('is refused, and not kept, when it is $what', async ({ path, body, code, attempts }) => {
    await using desk = await openDesk();
    desk.server.put(path, body);
    expect(await desk.fetchOne(`${desk.server.url}${path}`)).toMatchObject({
      status: 'failed',
      file: null,
      attempts,
      error: { code },
    });
    expect(await desk.files()).toEqual({});
  });

  it('is never more than the configuration allows, announced or not', async () => {
    await using desk = await openDesk();
    desk.server.put('/obras.csv', 'id\n'.repeat(500_000));
    const url = `${desk.server.url}/obras.csv`;
    expect(await desk.fetchOne(url, { settings: { maxBytes: 1024 * 1024 } })).toMatchObject({
      bytes: 0,
      error: { code: 'download-too-large' },
    });
    desk.server.faults.push((response) => {
      response.writeHead(200);
      const more = () => void (response.write('x'.repeat(64_000)) ? setImmediate(more) : response.once('drain', more));
      more();
    });
    const endless = await desk.fetchOne(url, { settings: { maxBytes: 1024 * 1024 } });
    expect(endless).toMatchObject({ attempts: 1, error: { code: 'download-too-large' } });
    expect(endless.bytes).toBeLessThan(2_000_000);
    expect(await desk.files()).toEqual({});
  });

  it('is kept although a proxy repacked it only when nobody did', async () => {
    await using desk = await openDesk();
    desk.server.put('/obras.csv', csv);
    desk.server.faults.push((_response, serve) => serve({ headers: { 'content-encoding': 'gzip' } }));
    expect(await desk.fetchOne(`${desk.server.url}/obras.csv`)).toMatchObject({ error: { code: 'download-refused' } });
  });
});

describe('a sentinel', () => {
  const sentinel = (moment: string) => zipFile([{ name: 'data_carga.csv', data: `data_carga\r\n${moment}\r\n` }]);
  const settings = (url: string) => ({ settings: { sentinelUrl: `${url}/data_carga.zip` } });

  it('that says the same before and after the downloads is in the report', async () => {
    await using desk = await openDesk();
    const { url } = desk.server;
    desk.server.put('/data_carga.zip', sentinel('15/09/2026 06:34:05'));
    desk.server.put('/obras.csv', csv);
    const said = 'data_carga 15/09/2026 06:34:05';
    const fetched = await desk.fetch({ obras: `${url}/obras.csv` }, settings(url));
    expect(fetched).toMatchObject({ sentinel: { url: `${url}/data_carga.zip`, before: said, after: said } });
    expect(desk.server.requests.map(({ path }) => path)).toEqual(['/data_carga.zip', '/obras.csv', '/data_carga.zip']);
    expect(await desk.files()).toEqual({ [`${monday}/obras.csv`]: csv });
  });

  it('that moves once has everything asked for once more', async () => {
    await using desk = await openDesk();
    const { server } = desk;
    server.put('/data_carga.zip', sentinel('15/09/2026 06:34:05'));
    server.put('/obras.csv', csv);
    server.put('/ruas.csv', csv);
    const replace = (_response: unknown, serve: () => void) => {
      serve();
      // obras was sent as it was yesterday.
      server.put('/data_carga.zip', sentinel('16/09/2026 06:32:11'));
      server.put('/obras.csv', other);
    };
    server.faults.push(
      (_, serve) => serve(),
      (_, serve) => serve(),
      replace,
    );
    const fetched = await desk.fetch({ obras: `${server.url}/obras.csv`, ruas: `${server.url}/ruas.csv` }, settings(server.url));
    expect([...fetched.failures]).toEqual([]);
    expect(fetched.sentinel).toMatchObject({ before: 'data_carga 16/09/2026 06:32:11' });
    expect(fetched.downloads).toMatchObject([
      { file: 'obras.csv', status: 'fetched', attempts: 2, sha256: sha256(other) },
      { file: 'ruas.csv', status: 'fetched', attempts: 2, bytes: csv.length },
    ]);
    expect(await desk.files()).toEqual({ [`${monday}/obras.csv`]: other, [`${monday}/ruas.csv`]: csv });
  });

  it('that keeps moving leaves the day’s folder alone, and what has come is not sent again', async () => {
    await using desk = await openDesk();
    const { server } = desk;
    let second = 0;
    server.put('/obras.csv', csv);
    const move = (_response: unknown, serve: () => void) => {
      server.put('/data_carga.zip', sentinel(`15/09/2026 06:34:0${second++}`));
      serve();
    };
    server.faults.push(
      move,
      (_, serve) => serve(),
      move,
      (_, serve) => serve(),
      move,
    );
    const asked = { obras: `${server.url}/obras.csv` };
    const fetched = await desk.fetch(asked, settings(server.url));
    expect(fetched.failures.get('obras')).toMatchObject({ code: 'download-mixed', exitCode: 7 });
    expect(fetched.downloads).toMatchObject([{ status: 'failed', file: null, error: { code: 'download-mixed' } }]);
    expect(await desk.files()).toEqual({ '.incoming/obras.csv': csv });
    expect(await desk.fetch(asked, settings(server.url))).toMatchObject({
      downloads: [{ status: 'not-modified', file: 'obras.csv' }],
    });
  });

  it('that cannot be read stops all of them', async () => {
    await using desk = await openDesk();
    desk.server.put('/obras.csv', csv);
    const fetched = await desk.fetch({ obras: `${desk.server.url}/obras.csv` }, settings(desk.server.url));
    expect(fetched.failures.get('obras')).toMatchObject({ code: 'download-missing' });
    expect(await desk.files()).toEqual({});
  });
});

it('two processes do not fetch into one folder; a dead one is no hindrance', async () => {
  await using desk = await openDesk();
  desk.server.put('/obras.csv', csv);
  const url = `${desk.server.url}/obras.csv`;
  await desk.fetchOne(url);
  await writeFile(join(desk.rawDir, '.fetching'), '{"pid":7,"hostname":"elsewhere"}');
  await expect(desk.fetchOne(url)).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining('process 7 on elsewhere') as string,
  });
  await writeFile(join(desk.rawDir, '.fetching'), '{"pid":7,"hostname":"test"}');
  const host = { pid: 1, hostname: 'test', user: 'test', isAlive: (pid: number) => pid !== 7 };
  expect(await desk.fetchOne(url, { host })).toMatchObject({ status: 'not-modified' });
  expect(await readFile(join(desk.rawDir, '.fetching'), 'utf8').catch(() => 'none')).toBe('none');
});
