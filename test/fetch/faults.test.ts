import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProjetusError } from '../../src/core/errors.ts';
import type { Change, Fault } from '../support/file-server.ts';
import { bigZip, monday, openDesk, tuesday } from './desk.ts';

const zip = bigZip(1);
const tenth = (part: number) => Math.floor((zip.length * part) / 10);
const serving =
  (change: Change): Fault =>
  (_response, serve) =>
    serve(change);
const cut = (part: number) => serving({ cutAfter: tenth(part) });
const answering =
  (status: number, headers: Readonly<Record<string, string>> = {}): Fault =>
  (response) =>
    response.writeHead(status, headers).end('<html>busy</html>');
const resetting: Fault = (response) => response.socket?.resetAndDestroy();
const whole = { [`${monday}/obras.zip`]: String(zip.length) };

describe('a download that breaks off', () => {
  it.each(Array.from({ length: 10 }, (_, part) => part))('after %i tenths goes on from there', async (part) => {
    await using desk = await openDesk();
    desk.server.put('/obras.zip', zip);
    desk.server.faults.push(cut(part));
    const report = await desk.fetchOne(`${desk.server.url}/obras.zip`);
    expect(report).toMatchObject({ status: part === 0 ? 'fetched' : 'resumed', attempts: 2, bytes: zip.length, error: null });
    expect(await readFile(join(desk.rawDir, monday, 'obras.zip'))).toEqual(zip);
    expect(await desk.files()).toEqual(whole);
  });

  it('again and again comes in the end, since every try brings more of it', async () => {
    await using desk = await openDesk();
    desk.server.put('/obras.zip', zip);
    desk.server.faults.push(...Array.from({ length: 9 }, () => serving({ cutAfter: tenth(1) })));
    const report = await desk.fetchOne(`${desk.server.url}/obras.zip`);
    expect(report).toMatchObject({ status: 'resumed', attempts: 10, bytes: zip.length });
    expect(await readFile(join(desk.rawDir, monday, 'obras.zip'))).toEqual(zip);
    const ranges = desk.server.requests.map(({ headers }) => headers['range'] ?? null);
    expect(ranges.slice(0, 3)).toEqual([null, `bytes=${tenth(1)}-`, `bytes=${2 * tenth(1)}-`]);
    expect(desk.server.requests[1]!.headers['if-range']).toMatch(/^"[0-9a-f]{16}"$/);
  });

  it.each([
    { what: 'has only a date that settled', said: { etag: null }, resumes: true },
    { what: 'has only a date of this minute', said: { etag: null, modified: 'Fri, 20 Nov 2026 11:59:30 GMT' }, resumes: false },
    { what: 'has a weak ETag and no date', said: { etag: 'W/"1"', modified: null }, resumes: false },
    { what: 'has neither', said: { etag: null, modified: null }, resumes: false },
  ])('goes on only where it is sure to be the same version: the server $what', async ({ said, resumes }) => {
    await using desk = await openDesk();
    desk.server.put('/obras.zip', zip, said);
    desk.server.faults.push(cut(5));
    const report = await desk.fetchOne(`${desk.server.url}/obras.zip`);
    expect(report).toMatchObject({ status: resumes ? 'resumed' : 'fetched', attempts: 2, error: null });
    expect(await readFile(join(desk.rawDir, monday, 'obras.zip'))).toEqual(zip);
  });

  it('begins anew when the file changed meanwhile', async () => {
    await using desk = await openDesk();
    desk.server.put('/obras.zip', zip);
    desk.server.faults.push(cut(5), (_response, serve) => {
      desk.server.put('/obras.zip', bigZip(2));
      serve();
    });
    expect(await desk.fetchOne(`${desk.server.url}/obras.zip`)).toMatchObject({ status: 'fetched', attempts: 2, error: null });
    expect(await readFile(join(desk.rawDir, monday, 'obras.zip'))).toEqual(bigZip(2));
  });

  it('goes on the next day, in another process', async () => {
    await using desk = await openDesk();
    desk.server.put('/obras.zip', zip);
    desk.server.faults.push(cut(7), answering(404));
    const url = `${desk.server.url}/obras.zip`;
    const broken = await desk.fetchOne(url, { fetching: { retryDelaysMs: [] } });
    expect(broken).toMatchObject({ status: 'failed', bytes: tenth(7), error: { code: 'download-failed' } });
    expect(Object.keys(await desk.files())).toEqual(['.incoming/.obras.zip.part', '.incoming/.obras.zip.part.json']);
    desk.server.faults.length = 0;
    expect(await desk.fetchOne(url, { day: tuesday })).toMatchObject({ status: 'resumed', bytes: zip.length - tenth(7) });
    expect(await readFile(join(desk.rawDir, tuesday, 'obras.zip'))).toEqual(zip);
  });

  it.each([
    { what: 'an answer to another range', fault: serving({ headers: { 'content-range': `bytes 0-9/${zip.length}` } }) },
    { what: 'a refusal of the range', fault: answering(416) },
  ])('begins anew after $what', async ({ fault }) => {
    await using desk = await openDesk();
    desk.server.put('/obras.zip', zip);
    desk.server.faults.push(cut(5), fault);
    expect(await desk.fetchOne(`${desk.server.url}/obras.zip`)).toMatchObject({ attempts: 3, error: null });
    expect(await readFile(join(desk.rawDir, monday, 'obras.zip'))).toEqual(zip);
  });

  it('does not go on from the bytes of another address', async () => {
    await using desk = await openDesk();
    desk.server.put('/obras.zip', zip, { etag: '"1"' });
    await desk.fetchOne(`${desk.server.url}/x/obras.zip`);
    await writeFile(join(desk.rawDir, '.incoming/.obras.zip.part'), 'PK');
    await writeFile(join(desk.rawDir, '.incoming/.obras.zip.part.json'), '{"key":"other","validator":"\\"1\\""}');
    expect(await desk.fetchOne(`${desk.server.url}/obras.zip`)).toMatchObject({ status: 'fetched', bytes: zip.length });
  });
});

describe('what may pass', () => {
  it.each([
    { what: '500', fault: answering(500), said: 'answered 500' },
    { what: '503', fault: answering(503), said: 'answered 503' },
    { what: '429', fault: answering(429), said: 'answered 429' },
    { what: 'a reset', fault: resetting, said: 'could not be fetched: connection' },
    { what: 'silence', fault: () => undefined, said: 'could not be fetched: no answer in time' },
    { what: 'a body that stops', fault: serving({ stopAfter: 900 }), said: 'could not be fetched: nothing came any more' },
    { what: 'less than was announced', fault: serving({ length: zip.length + 5 }), said: 'could not be fetched' },
  ])('is tried again after growing pauses, four times in all: $what', async ({ fault, said }) => {
    await using desk = await openDesk();
    desk.server.put('/obras.zip', zip, { etag: null, modified: null });
    desk.server.faults.push(fault, fault, fault);
    const url = `${desk.server.url}/obras.zip`;
    expect(await desk.fetchOne(url, { fetching: { idleMs: 250 } })).toMatchObject({ attempts: 4, error: null });
    expect(desk.waits.map(({ waitMs }) => waitMs)).toEqual([5, 10, 15]);
    expect(desk.waits[0]!.reason).toContain(`${url} ${said}`);
    expect(await desk.files()).toEqual(whole);
  });

  it('and does not, is an error with which a later run may succeed', async () => {
    await using desk = await openDesk();
    desk.server.faults.push(...Array.from({ length: 4 }, () => answering(503)));
    const fetched = await desk.fetch({ obras: `${desk.server.url}/obras.zip` });
    expect(fetched.failures.get('obras')).toMatchObject({ code: 'download-failed', exitCode: 75, isRetryable: true });
    expect(fetched.downloads).toMatchObject([{ status: 'failed', attempts: 4, file: null }]);
    expect(await desk.files()).toEqual({});
  });

  it.each([
    { header: '1', waitMs: 1000, attempts: 2 },
    { header: 'Fri, 20 Nov 2026 12:00:01 GMT', waitMs: 1000, attempts: 2 },
    { header: '3600', waitMs: null, attempts: 1 },
  ])('waits for as long as the server asks, or leaves it to the next run: $header', async ({ header, waitMs, attempts }) => {
    await using desk = await openDesk();
    desk.server.put('/obras.zip', zip);
    desk.server.faults.push(answering(429, { 'retry-after': header, date: 'Fri, 20 Nov 2026 12:00:00 GMT' }));
    const report = await desk.fetchOne(`${desk.server.url}/obras.zip`);
    expect(report).toMatchObject({ attempts, error: waitMs === null ? { code: 'download-failed' } : null });
    expect(desk.waits.map((wait) => wait.waitMs)).toEqual(waitMs === null ? [] : [waitMs]);
    expect(report.error?.message ?? '').toContain(waitMs === null ? 'answered 429 and asks to wait 3600 s' : '');
  });

  it('ends with the time that the configuration gives a file, and keeps what came', async () => {
    await using desk = await openDesk();
    desk.server.put('/obras.zip', zip);
    desk.server.faults.push(serving({ pauseMs: 100 }));
    const report = await desk.fetchOne(`${desk.server.url}/obras.zip`, { settings: { timeoutMs: 450 } });
    expect(report).toMatchObject({ attempts: 1, error: { code: 'download-failed' } });
    expect(Object.keys(await desk.files())).toContain('.incoming/.obras.zip.part');
    expect(await desk.fetchOne(`${desk.server.url}/obras.zip`)).toMatchObject({ status: 'resumed', error: null });
  });
});

it('a zip that is shorter than its directory says, since the server announced less, is fetched once more', async () => {
  await using desk = await openDesk();
  desk.server.put('/obras.zip', zip);
  const short = serving({ length: zip.length - 5 });
  desk.server.faults.push(short, short);
  const report = await desk.fetchOne(`${desk.server.url}/obras.zip`);
  expect(report).toMatchObject({ attempts: 2, error: { code: 'source-truncated' } });
});

describe('what will not pass', () => {
  it.each([
    { status: 404, code: 'download-missing' },
    { status: 410, code: 'download-missing' },
    { status: 401, code: 'download-refused' },
    { status: 403, code: 'download-refused' },
    { status: 400, code: 'download-refused' },
    { status: 304, code: 'download-refused' },
    { status: 204, code: 'download-refused' },
  ])('is not tried again: $status', async ({ status, code }) => {
    await using desk = await openDesk();
    desk.server.faults.push(answering(status));
    expect(await desk.fetchOne(`${desk.server.url}/obras.zip`)).toMatchObject({ attempts: 1, status: 'failed', error: { code } });
    expect(desk.server.requests).toHaveLength(1);
  });

  it('stops the file that it is about, and no other', async () => {
    await using desk = await openDesk();
    desk.server.put('/ruas.csv', 'id;nome\n1;a\n');
    const { url } = desk.server;
    const fetched = await desk.fetch({ obras: `${url}/obras.zip`, obras_partes: `${url}/obras.zip`, ruas: `${url}/ruas.csv` });
    expect([...fetched.failures.keys()]).toEqual(['obras', 'obras_partes']);
    expect(fetched.downloads.map(({ status }) => status)).toEqual(['failed', 'fetched']);
    expect(await desk.files()).toEqual({ [`${monday}/ruas.csv`]: 'id;nome\n1;a\n' });
  });
});

it('an interruption ends it at once, with its own reason, and keeps what came', async () => {
  await using desk = await openDesk();
  desk.server.put('/obras.zip', zip);
  desk.server.faults.push(serving({ pauseMs: 200 }));
  const abort = new AbortController();
  setTimeout(() => abort.abort(new ProjetusError('terminated', 'Terminated.')), 700);
  const startedMs = performance.now();
  await expect(desk.fetchOne(`${desk.server.url}/obras.zip`, { signal: abort.signal })).rejects.toMatchObject({
    code: 'terminated',
  });
  expect(performance.now() - startedMs).toBeLessThan(1500);
  expect(Object.keys(await desk.files())).toEqual(['.incoming/.obras.zip.part', '.incoming/.obras.zip.part.json']);
});
