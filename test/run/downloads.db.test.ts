import { readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/core/report.ts';
import { pruneRawFiles } from '../../src/retention/raw-files.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { fileServer, type Fault, type FileServer } from '../support/file-server.ts';
import { createProject, datasetOf, type Project } from '../support/project.ts';

const monday = '2026-11-23';
const tuesday = '2026-11-24';
const csv = (...rows: string[]) => `id;nome\n${rows.map((row) => `${row}\n`).join('')}`;

const yamlOf = (url: string, more = '') => `
database: { url: "\${DATABASE_URL}" }
extraction:
  keep_raw_days: 30
  files:
    - { name: obras, key: [id], columns: { id: {}, nome: {} }, max_vanished_percent: 100, url: '${url}/obras.csv' }
    - { name: ruas, key: [id], columns: { id: {}, nome: {} }, max_vanished_percent: 100, url: '${url}/ruas.csv'${more} }
`;

type Site = {
  readonly server: FileServer;
  readonly project: Project;
  readonly raw: () => Promise<string[]>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

async function openSite(more?: string): Promise<Site> {
  const server = await fileServer();
  server.put('/obras.csv', csv('1;a', '2;b'));
  server.put('/ruas.csv', csv('1;x'));
  const project = await createProject(yamlOf(server.url, more));
  const folder = join(project.folder, 'data/raw');
  return {
    server,
    project,
    raw: async () => {
      const files = await readdir(folder, { recursive: true, withFileTypes: true });
      const paths = files
        .filter((file) => file.isFile())
        .map((file) => join(file.parentPath, file.name).slice(folder.length + 1));
      return paths.filter((path) => !path.endsWith('.downloads.json')).toSorted();
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await project[Symbol.asyncDispose]();
    },
  };
}

const codes = (alerts: readonly { code: string }[]) => alerts.map(({ code }) => code);

describe('a run of datasets with addresses', () => {
  it('goes from nothing to loaded rows; the next day asks, is told that nothing changed, and is unchanged', async () => {
    await using site = await openSite();
    const first = await site.project.run({ date: monday });
    expect(first).toMatchObject({ status: 'success', exit_code: 0, folder_date: monday, late: false });
    expect(first.downloads.map(({ file, status, changed }) => [file, status, changed])).toEqual([
      ['obras.csv', 'fetched', true],
      ['ruas.csv', 'fetched', true],
    ]);
    expect(await site.project.query('SELECT id, nome FROM obras ORDER BY id')).toEqual([
      { id: '1', nome: 'a' },
      { id: '2', nome: 'b' },
    ]);
    const second = await site.project.run({ date: tuesday });
    expect(second).toMatchObject({ status: 'unchanged', exit_code: 0, folder_date: tuesday, late: false });
    expect(second.downloads.map(({ status, changed, bytes }) => [status, changed, bytes])).toEqual([
      ['not-modified', false, 0],
      ['not-modified', false, 0],
    ]);
    expect(codes(second.alerts)).toEqual(['source-stale', 'source-stale']);
    const [stored] = await site.project.query(`SELECT report->'downloads' AS downloads FROM runs ORDER BY id DESC LIMIT 1`);
    expect(stored!['downloads']).toEqual(second.downloads);
    const ofDay = async (day: string) => (await stat(join(site.project.folder, 'data/raw', day, 'obras.csv'))).ino;
    expect(await ofDay(monday)).toBe(await ofDay(tuesday));
  });

  it('reads the last of the files that were fetched under one name, and says which it did not', async () => {
    await using site = await openSite();
    await site.project.run({ date: monday });
    site.server.put('/obras.csv', csv('1;a', '3;c'));
    const again = await site.project.run({ date: monday });
    expect(again).toMatchObject({ status: 'success', superseded_files: ['obras.csv'], unexpected_files: [] });
    expect(datasetOf(again, 'obras')).toMatchObject({
      sources: [{ file: 'obras.refetched-2.csv' }],
      counts: { read: 2, inserted: 1, vanished: 1, unchanged: 1 },
    });
    expect(await site.raw()).toEqual([`${monday}/obras.csv`, `${monday}/obras.refetched-2.csv`, `${monday}/ruas.csv`]);
    expect(await site.project.run({ date: monday })).toMatchObject({ status: 'unchanged', superseded_files: ['obras.csv'] });
  });

  it('that is dry leaves the day’s folder alone, and has the counts of the run that takes its files over', async () => {
    await using site = await openSite();
    await site.project.run({ date: monday });
    site.server.put('/obras.csv', csv('1;z', '2;b', '3;c'));
    const before = await site.raw();
    for (const day of [monday, tuesday]) {
      const dry = await site.project.run({ date: day, isDryRun: true });
      expect(dry).toMatchObject({ status: 'success', folder_date: day, error: null });
      expect(datasetOf(dry, 'obras')).toMatchObject({ counts: { read: 3, inserted: 1, updated: 1, unchanged: 1 } });
    }
    expect((await site.raw()).filter((path) => !path.startsWith('.incoming/'))).toEqual(before);
    const run = await site.project.run({ date: tuesday });
    expect(run.downloads[0]).toMatchObject({ status: 'not-modified', changed: true });
    expect(datasetOf(run, 'obras')).toMatchObject({ counts: { read: 3, inserted: 1, updated: 1, unchanged: 1 } });
    expect(await site.raw()).toEqual([...before, `${tuesday}/obras.csv`, `${tuesday}/ruas.csv`]);
  });

  it.each([
    { what: 'will not pass', status: 403, tries: 1, code: 'download-refused', exit_code: 7 },
    { what: 'may pass', status: 503, tries: 4, code: 'download-failed', exit_code: 75 },
  ])(
    'publishes nothing when one fails, and examines the others to the end: what $what',
    async ({ status, tries, code, exit_code }) => {
      await using site = await openSite();
      const refusing: Fault = (response) => response.writeHead(status).end();
      site.server.faults.push(...Array.from({ length: tries }, () => refusing));
      const report = await site.project.run({ date: monday });
      expect(report).toMatchObject({ status: 'failed', exit_code, error: { code } });
      expect(report.error!.message).toContain(`/obras.csv answered ${status}`);
      expect(datasetOf(report, 'obras')).toMatchObject({ status: 'failed', counts: null, error: { code } });
      expect(datasetOf(report, 'ruas')).toMatchObject({ status: 'ready', counts: { read: 1, inserted: 1 } });
      expect(codes(report.alerts)).toEqual([code]);
      expect(await site.project.query('SELECT name FROM datasets')).toEqual([]);
      expect(await site.project.run({ date: monday })).toMatchObject({ status: 'success' });
    },
  );

  it('fails with the reason of the download, though there is no folder at all', async () => {
    await using site = await openSite();
    site.server.remove('/obras.csv');
    site.server.remove('/ruas.csv');
    expect(await site.project.run({ date: monday })).toMatchObject({ exit_code: 7, error: { code: 'download-missing' } });
    expect(await site.raw()).toEqual([]);
  });

  it('does not take yesterday’s file for the one that did not come', async () => {
    await using site = await openSite();
    await site.project.run({ date: monday });
    site.server.remove('/obras.csv');
    site.server.remove('/ruas.csv');
    const report = await site.project.run({ date: tuesday });
    expect(report).toMatchObject({ status: 'failed', exit_code: 7, error: { code: 'download-missing' } });
  });

  it('forgives that the publisher has no file of an optional dataset', async () => {
    await using site = await openSite(', expect: { required: false }');
    site.server.remove('/ruas.csv');
    const report = await site.project.run({ date: monday });
    expect(report).toMatchObject({ status: 'success', exit_code: 0, error: null });
    expect(datasetOf(report, 'ruas')).toMatchObject({ status: 'missing', error: null });
    expect(codes(report.alerts)).toEqual(['source-missing-optional']);
  });

  it('asks nobody about an earlier day, nor when it is told not to', async () => {
    await using site = await openSite();
    await site.project.put(monday, 'obras.csv', csv('9;a'));
    await site.project.put(monday, 'ruas.csv', csv('9;a'));
    const noon = () => new Date(`${tuesday}T15:00:00Z`);
    expect(await site.project.run({ date: monday, clock: noon })).toMatchObject({ status: 'success', downloads: [] });
    expect(await site.project.run({ date: tuesday, clock: noon, fetching: null })).toMatchObject({ exit_code: 7, downloads: [] });
    expect(site.server.requests).toEqual([]);
  });

  it('keeps its locks while it waits for a server, so that another one does not take it for dead', async () => {
    await using site = await openSite();
    await site.project.run({ date: monday });
    site.server.put('/obras.csv', csv('1;a', '2;b', '3;c'));
    const second = Promise.withResolvers<RunReport>();
    site.server.faults.push((_response, serve) => {
      const meanwhile = async () => {
        second.resolve(await site.project.run({ date: tuesday, fetching: null }));
        serve();
      };
      void meanwhile();
    });
    const first = await site.project.run({ date: tuesday });
    expect(first).toMatchObject({ status: 'success', exit_code: 0 });
    expect(await second.promise).toMatchObject({ exit_code: 11, error: { code: 'locked' } });
    expect(await site.project.query(`SELECT FROM runs WHERE status IN ('aborted', 'running')`)).toEqual([]);
  });
});

describe('fetched files of a day that is older than keep_raw_days', () => {
  const later = '2027-01-10';

  it('are removed after a run, but for those that the last published run came from, and those of people', async () => {
    await using site = await openSite();
    await site.project.run({ date: monday });
    site.server.put('/obras.csv', csv('1;a', '2;b', '3;c'));
    await site.project.run({ date: tuesday });
    await site.project.put(monday, 'nota.txt', 'mine');
    site.server.put('/obras.csv', csv('1;a', '2;b', '3;d'));
    const offline = { clock: () => new Date(`${later}T15:00:00Z`), fetching: null };
    expect(await site.project.run(offline)).toMatchObject({ status: 'unchanged', late: true });
    // ruas was published from Monday's file; Tuesday's is the same.
    const kept = [`${monday}/nota.txt`, `${monday}/ruas.csv`];
    expect(await site.raw()).toEqual([...kept, `${tuesday}/obras.csv`, `${tuesday}/ruas.csv`]);
    site.server.put('/ruas.csv', csv('1;y'));
    await site.project.run({ date: later });
    expect(await site.raw()).toEqual([`${monday}/nota.txt`, `${later}/obras.csv`, `${later}/ruas.csv`]);
    const raw = join(site.project.folder, 'data/raw');
    expect(await readdir(raw)).not.toContain(tuesday);
    expect(await readdir(join(raw, monday))).toEqual(['nota.txt']);
  });

  it('are listed and stay in a dry run; so do parts that nobody asked for again', async () => {
    await using site = await openSite();
    await site.project.run({ date: monday });
    await site.project.put('.incoming', '.alt.csv.part', 'x');
    const part = join(site.project.folder, 'data/raw/.incoming/.alt.csv.part');
    await utimes(part, new Date('2026-11-01'), new Date('2026-11-01'));
    site.server.put('/obras.csv', csv('1;a', '2;b', '3;c'));
    await site.project.run({ date: tuesday });
    const config = await loadConfig({
      path: join(site.project.folder, 'config.yaml'),
      env: { DATABASE_URL: site.project.databaseUrl },
    });
    const host = { pid: 1, hostname: 'test', user: 'test', isAlive: () => true };
    const signal = new AbortController().signal;
    await using database = await openDatabase({ ...config.database, host, signal, retryMs: 0, onRetry: () => undefined });
    const clock = () => new Date(`${later}T15:00:00Z`);
    const before = await site.raw();
    const raw = join(site.project.folder, 'data/raw');
    const expected = {
      before: '2026-12-11',
      files: [join(raw, monday, 'obras.csv'), part],
      bytes: csv('1;a', '2;b').length,
    };
    expect(await pruneRawFiles(database, { config, host, clock }, true)).toEqual(expected);
    expect(await site.raw()).toEqual(before);
    expect(await pruneRawFiles(database, { config, host, clock }, false)).toEqual(expected);
    expect(await site.raw()).toEqual([`${monday}/ruas.csv`, `${tuesday}/obras.csv`, `${tuesday}/ruas.csv`]);
  });
});
