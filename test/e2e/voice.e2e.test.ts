import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedHttp, type ReceivedRequest } from '../support/scripted-http.ts';
import { createWorkspace, day, dayOne, obrasConfig } from './workspace.ts';

const canaries = {
  bot: '7:bot-canary/+x',
  header: 'header-canary&y',
  query: 'query-canary z',
  ping: 'ping-canary',
  lineage: 'lineage-canary%',
  sendgrid: 'sendgrid-canary==',
  mailgun: 'mailgun-canary',
  mail: 'mail canary pass',
};

/** Every channel and watcher, with a secret each. */
function voice(url: string): string {
  const address = url.replace('http://', '');
  return `${obrasConfig}
alerting:
  fallback: []
  telegram: { enabled: true, bot_token: "${canaries.bot}", chat_id: "2", api_url: "${url}" }
  webhook: { enabled: true, url: "${url}/hook?key=${encodeURIComponent(canaries.query)}", headers: { Authorization: "Bearer ${canaries.header}" } }
  sendgrid: { enabled: true, api_key: "${canaries.sendgrid}", from: a@x.example, to: [b@x.example], api_url: "${url}" }
  mailgun: { enabled: true, api_key: "${canaries.mailgun}", domain: x.example, from: a@x.example, to: [b@x.example], api_url: "${url}" }
  email: { enabled: true, smtp_host: 127.0.0.1, smtp_port: 1, from: a@x.example, to: [b@x.example], user: u, pass: "${canaries.mail}" }
monitoring:
  ping_url: "${url}/${canaries.ping}"
  prometheus: { enabled: true, file: data/metrics/projetus.prom }
  openlineage: { url: "http://u:${encodeURIComponent(canaries.lineage)}@${address}/lineage" }
`;
}

const accepted = (request: ReceivedRequest) =>
  request.path.startsWith('/bot') ? { status: 200, body: '{"ok":true,"result":{"message_id":1}}' } : { status: 202, body: 'ok' };

/** A service that is angry, and says so with all that it was given. */
const echoing = ({ path, headers, body }: ReceivedRequest) => ({
  status: 403,
  body: JSON.stringify({ ok: false, description: `no: ${path} ${JSON.stringify(headers)}`, body: body.slice(0, 200) }),
});

describe('a run that is watched', () => {
  it('is silent to people when all is well, pings, writes metrics and events; a dry run does none of it', async () => {
    await using server = await scriptedHttp(accepted);
    await using workspace = await createWorkspace(voice(server.url));
    await workspace.put(day, 'obras.csv', dayOne);
    expect(await workspace.projetus(['dry-run', '--quiet'])).toMatchObject({ code: 0 });
    expect(server.requests).toEqual([]);
    expect(await workspace.projetus(['run', '--quiet'])).toMatchObject({ code: 0, stderr: '' });
    const paths = server.requests.map(({ path }) => path.split('?')[0]);
    expect(paths.toSorted((a, b) => (a! < b! ? -1 : 1))).toEqual([
      '/lineage',
      '/lineage',
      `/${canaries.ping}/0`,
      `/${canaries.ping}/start`,
    ]);
    expect(await readFile(join(workspace.folder, 'data/metrics/projetus.prom'), 'utf8')).toContain(
      'projetus_run_last_exit_code 0',
    );
  });

  it('tells a failure once in every channel, and its end', async () => {
    await using server = await scriptedHttp(accepted);
    await using workspace = await createWorkspace(voice(server.url).replace('email: { enabled: true', 'email: { enabled: false'));
    await workspace.put(day, 'outro.csv', dayOne);
    const messages = () => server.requests.filter(({ path }) => path.startsWith('/bot')).map(({ body }) => body);
    expect(await workspace.projetus(['run'])).toMatchObject({ code: 7 });
    expect(server.requests.filter(({ path }) => /^\/(bot|hook|v3)/.test(path))).toHaveLength(4);
    expect(messages()[0]).toContain('arquivo ausente');
    expect(await workspace.projetus(['run'])).toMatchObject({ code: 7 });
    expect(messages()).toHaveLength(1);
    const list = JSON.parse((await workspace.projetus(['alerts', 'list', '--json'])).stdout) as {
      alerts: { id: string; code: string }[];
    };
    expect(list.alerts.map(({ code }) => code)).toContain('source-missing');
    expect(await workspace.projetus(['alerts', 'ack', list.alerts[0]!.id])).toMatchObject({
      code: 0,
      stdout: '1 alert will not be repeated\n',
    });
    await workspace.put(day, 'obras.csv', dayOne);
    expect(await workspace.projetus(['run'])).toMatchObject({ code: 0 });
    expect(messages().at(-1)).toContain('resolvido');
  });

  it('is told without the database, and a channel that refuses changes no exit code', async () => {
    await using server = await scriptedHttp(accepted);
    await using workspace = await createWorkspace(voice(server.url));
    server.script.push({ status: 403, body: '{"ok":false,"description":"Forbidden"}' });
    const ended = await workspace.projetus(['run'], {
      DATABASE_URL: workspace.databaseUrl.replace(/\/[^/]+$/, '/no_such_database'),
    });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/the alert to email was not delivered/);
    expect(server.requests.filter(({ path }) => path.startsWith('/hook'))[0]!.body).toContain('credentials-wrong');
  });
});

describe('alerts test', () => {
  it.each([
    ['is 0 when it arrives', accepted, ['--channel', 'telegram'], 0],
    ['is 2 when the provider refuses', echoing, ['--channel', 'telegram'], 2],
    ['is 75 when nobody answers', accepted, ['--channel', 'email'], 75],
    ['is 2 for a channel that is not there', accepted, ['--channel', 'fax'], 2],
  ] as const)('%s', async (_, answer, args, code) => {
    await using server = await scriptedHttp(answer);
    await using workspace = await createWorkspace(voice(server.url));
    expect((await workspace.projetus(['alerts', 'test', ...args])).code).toBe(code);
  });

  it.each([
    [['alerts', 'test'], 'No channel is enabled'],
    [['alerts', 'ack'], 'has to be told which'],
    [['alerts', 'ack', 'x'], 'x is no number'],
    [['alerts', 'ack', '999'], 'No open alert has the number 999'],
  ])('%j without channels and alerts is a usage error', async (args, message) => {
    await using workspace = await createWorkspace();
    const { code, stderr } = await workspace.projetus(args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});
