import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bigZip } from '../fetch/desk.ts';
import { fileServer, type Fault } from '../support/file-server.ts';
import { localhostCertificate } from '../support/localhost-certificate.ts';
import { createWorkspace, dayOne, obrasConfig, secret, type Workspace } from './workspace.ts';

const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Sao_Paulo' }).format(new Date());
const withUrl = (url: string) => `${obrasConfig}      url: '${url}'\n`;
const raw = (workspace: Workspace, ...names: string[]) => join(workspace.folder, 'data/raw', ...names);
const slow: Fault = (_response, serve) => serve({ stopAfter: 30_000 });

/** A zip of obras that takes more than one chunk. */
const zip = bigZip(3);
const zipConfig = (url: string) =>
  withUrl(url).replace('VALOR', 'A').replace('type: "decimal(18,2)"', 'type: text').replace('NOME', 'B').replace('ID_OBRA', 'ID');

async function untilPart(workspace: Workspace): Promise<void> {
  for (let polls = 0; polls < 2000; polls++) {
    const size = await stat(raw(workspace, '.incoming/.obras.zip.part')).then(
      ({ size }) => size,
      () => 0,
    );
    if (size >= 30_000) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('no part was written');
}

describe('projetus run with an url', () => {
  it('loads from nothing; the next day is one request, and unchanged', async () => {
    await using server = await fileServer();
    server.put('/obras.csv', dayOne);
    await using workspace = await createWorkspace(withUrl(`${server.url}/obras.csv`));
    const first = await workspace.projetus(['run']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^obras\.csv fetched changed=true bytes=\d+ attempts=1 ms=\d+\nobras loaded read=3 inserted=3 /);
    await rename(raw(workspace, today), raw(workspace, '2026-11-02'));
    const second = await workspace.runJson();
    expect(second.report).toMatchObject({
      status: 'unchanged',
      folder_date: today,
      downloads: [{ status: 'not-modified', bytes: 0 }],
    });
    expect(server.requests.map(({ status }) => status)).toEqual([200, 304]);
    expect(server.requests[0]!.headers['user-agent']).toMatch(/^projetus\/\d+\.\d+\.\d+/);
  });

  it.each([
    { signal: 'SIGTERM', code: 143 },
    { signal: 'SIGKILL', code: null },
  ] as const)(
    'that is ended by $signal during a download leaves nothing that is taken for a file; the next one goes on',
    async ({ signal, code }) => {
      await using server = await fileServer();
      server.put('/obras.zip', zip);
      server.faults.push(slow);
      await using workspace = await createWorkspace(zipConfig(`${server.url}/obras.zip`));
      const running = workspace.start(['run']);
      await untilPart(workspace);
      running.child.kill(signal);
      expect(await running.ended).toMatchObject({ code });
      expect((await readdir(raw(workspace))).includes(today)).toBe(false);
      const { report } = await workspace.runJson();
      expect(report).toMatchObject({
        status: 'success',
        unexpected_files: [],
        downloads: [{ status: 'resumed', file: 'obras.zip' }],
      });
      expect(report.downloads[0]!.bytes).toBeLessThan(zip.length);
      expect(report.datasets[0]).toMatchObject({ counts: { read: 5000, inserted: 5000 } });
    },
  );

  it('shows no user, password or token of an address, whatever happens', { timeout: 240_000 }, async () => {
    await using server = await fileServer();
    server.put('/obras.csv', dayOne);
    const address = `${server.url.replace('//', `//ana:${secret}@`)}/obras.csv?token=${secret}`;
    await using workspace = await createWorkspace(withUrl(address));
    const said: string[] = [];
    const say = async (args: readonly string[]) => {
      const { stdout, stderr, code } = await workspace.projetus(args);
      said.push(stdout, stderr);
      return code;
    };
    expect(await say(['run', '--verbose'])).toBe(0);
    expect(server.requests[0]).toMatchObject({
      path: `/obras.csv?token=${secret}`,
      headers: { authorization: `Basic ${Buffer.from(`ana:${secret}`).toString('base64')}` },
    });
    const faults: [Fault, number][] = [
      [(response) => response.writeHead(403).end(), 7],
      [
        (response, _serve, request) => response.writeHead(302, { location: `ftp://${request.headers.host}${request.url}` }).end(),
        7,
      ],
      [(response) => response.writeHead(429, { 'retry-after': '9999' }).end(), 75],
      [(response) => response.end('<html>no</html>'), 7],
    ];
    for (const [index, [fault, code]] of faults.entries()) {
      server.faults.push(fault);
      // Either command with two of them: a process takes seconds on a busy machine.
      expect(await say(index % 2 === 0 ? ['fetch', '--json', '--verbose'] : ['run', '--verbose'])).toBe(code);
    }
    const files = await readdir(raw(workspace), { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile()))
      said.push(await readFile(join(file.parentPath, file.name), 'utf8'));
    const [stored] = await workspace.query(
      `SELECT string_agg(r::text, ' ') || (SELECT string_agg(a::text, ' ') FROM alerts a) AS text FROM runs r`,
    );
    said.push(String(stored!['text']));
    expect(said.join('\n')).toContain('/obras.csv?***');
    for (const text of said)
      for (const form of [secret, Buffer.from(`ana:${secret}`).toString('base64')]) expect(text).not.toContain(form);
  });
});

describe('projetus fetch', () => {
  it('fetches alone, without a database, and says what it did', async () => {
    await using server = await fileServer();
    server.put('/obras.csv', dayOne);
    await using workspace = await createWorkspace(withUrl(`${server.url}/obras.csv`));
    const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' };
    expect(await workspace.projetus(['fetch', '--date', '2026-11-20'], env)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^obras\.csv fetched changed=true bytes=\d+ attempts=1 ms=\d+\n$/) as string,
      stderr: '',
    });
    expect(await readFile(raw(workspace, '2026-11-20/obras.csv'), 'utf8')).toBe(dayOne);
    const json = await workspace.projetus(['fetch', '--json'], env);
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'projetus.fetch/1',
      status: 'success',
      exit_code: 0,
      business_date: today,
      folder: raw(workspace, today),
      downloads: [{ url: `${server.url}/obras.csv`, datasets: ['obras'], file: 'obras.csv', status: 'not-modified' }],
      error: null,
    });
    expect(await workspace.projetus(['fetch', '--quiet'], env)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it.each([
    {
      what: 'a file that is not there',
      args: [],
      path: '/no/obras.csv',
      code: 7,
      said: /^error \[download-missing\] .*\/no\/obras\.csv answered 404\n {2}next: /,
    },
    {
      what: 'a day that is none',
      args: ['--date', '2026-02-30'],
      path: '/obras.csv',
      code: 2,
      said: /^error \[usage\] --date 2026-02-30 is not a day/,
    },
    { what: 'a dataset that is none', args: ['--dataset', 'obra'], path: '/obras.csv', code: 2, said: /did you mean obras/ },
    {
      what: 'an address without a name',
      args: [],
      path: '/download',
      code: 2,
      said: /write that behind it, such as #obras\.csv/,
    },
    {
      what: 'a name that is not matched',
      args: [],
      path: '/ruas.csv',
      code: 2,
      said: /^error \[config-invalid\] The "match" of obras does not fit ruas\.csv/,
    },
  ])('ends with $code for $what', async ({ args, path, code, said }) => {
    await using server = await fileServer();
    server.put('/obras.csv', dayOne);
    await using workspace = await createWorkspace(withUrl(`${server.url}${path}`));
    expect(await workspace.projetus(['fetch', ...args])).toMatchObject({ code, stderr: expect.stringMatching(said) as string });
  });

  it('says that there is nothing to fetch', async () => {
    await using workspace = await createWorkspace();
    const ended = await workspace.projetus(['fetch', '--json']);
    expect(ended).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is nothing to fetch: no "url" is set for obras.') as string,
    });
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'usage' } });
  });

  it('trusts a certificate that NODE_EXTRA_CA_CERTS names, and no other', async () => {
    await using server = await fileServer(true);
    server.put('/obras.csv', dayOne);
    await using workspace = await createWorkspace(withUrl(`${server.url}/obras.csv`));
    const refused = await workspace.projetus(['fetch']);
    expect(refused).toMatchObject({ code: 7, stderr: expect.stringMatching(/^error \[download-untrusted\]/) as string });
    const certificate = join(workspace.folder, 'ca.pem');
    await writeFile(certificate, localhostCertificate);
    expect(await workspace.projetus(['fetch'], { NODE_EXTRA_CA_CERTS: certificate })).toMatchObject({ code: 0, stderr: '' });
  });
});
