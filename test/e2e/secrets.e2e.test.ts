import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everyLeaf } from '../cli/every-command.ts';
import { scriptedHttp, type Answer, type ReceivedRequest } from '../support/scripted-http.ts';
import { createWorkspace, day, dayOne, obrasConfig, secret, urlAs, type Ended, type Workspace } from './workspace.ts';

/** Each with characters that URLs, JSON or base64 write in another way. */
const sent = {
  bot: '4815162342:AAE-bot-canary/+Zx"9',
  header: 'header-canary&"y',
  query: 'query canary=z',
  ping: 'ping-canary-0f3d',
  lineage: 'lineage-canary%/1',
  sendgrid: 'SG.sendgrid-canary==',
  mailgun: 'key-mailgun-canary',
};
const kept = { mail: 'mail canary"pass', wrong: 'wr0ng/p@ss canary', misplaced: 'misplaced-canary"7', database: secret };
const canaries = [...Object.values(sent), sent.bot.split(':')[1]!, ...Object.values(kept)];

const rejecting = obrasConfig.replace('      key: [id]', '      key: [id]\n      max_rejected_percent: 100');

/** Every channel but e-mail, and every watcher, with a secret each. */
function voice(url: string, more = ''): string {
  const mails = 'from: a@x.example, to: [b@x.example]';
  return `${rejecting}
alerting:
  fallback: []
  telegram: { enabled: true, bot_token: ${JSON.stringify(sent.bot)}, chat_id: "2", api_url: "${url}" }
  webhook:
    enabled: true
    url: "${url}/hook?key=${encodeURIComponent(sent.query)}"
    headers: { Authorization: ${JSON.stringify(`Bearer ${sent.header}`)} }
  sendgrid: { enabled: true, api_key: "\${SENDGRID_KEY}", ${mails}, api_url: "${url}" }
  mailgun: { enabled: true, api_key: "${sent.mailgun}", domain: x.example, ${mails}, api_url: "${url}" }
${more}
monitoring:
  ping_url: "${url}/${sent.ping}"
  prometheus: { enabled: true, file: data/metrics/projetus.prom }
  openlineage: { url: "${url.replace('//', `//ana:${encodeURIComponent(sent.lineage)}@`)}/lineage" }
`;
}

/** Port 1 is closed on every machine. */
const email = `  email: { enabled: true, smtp_host: 127.0.0.1, smtp_port: 1, secure: true, from: a@x.example, to: [b@x.example], user: ana, pass: ${JSON.stringify(kept.mail)} }`;

const echoOf = ({ path, headers }: ReceivedRequest) => `${path} ${decodeURIComponent(path)} ${JSON.stringify(headers)}`;

const authorizationOf = ({ headers }: ReceivedRequest) => headers['authorization'] ?? '';

/** Services that say all that they were given: as it came, and in the encodings in which proxies and error pages hold it. */
const echoes: readonly { readonly title: string; readonly answer: (request: ReceivedRequest) => Answer }[] = [
  { title: 'in JSON', answer: (request) => refused(JSON.stringify({ ok: false, description: echoOf(request) })) },
  { title: 'as text', answer: (request) => refused(`${authorizationOf(request)} ${echoOf(request)}`) },
  { title: 'in base64', answer: (request) => refused(Buffer.from(authorizationOf(request)).toString('base64')) },
  { title: 'in base64url', answer: (request) => refused(Buffer.from(`x${authorizationOf(request)}`).toString('base64url')) },
  { title: 'and accepts', answer: (request) => ({ status: 200, body: echoOf(request) }) },
];

function refused(body: string): Answer {
  return { status: 403, body };
}

/** What a workspace's commands said. */
function listener(workspace: Workspace) {
  const said: string[] = [];
  const say = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> => {
    const ended = await workspace.start(args, { DATABASE_URL: workspace.databaseUrl, SENDGRID_KEY: sent.sendgrid, ...env }).ended;
    said.push(`${args.join(' ')}: stdout: ${ended.stdout}`, `${args.join(' ')}: stderr: ${ended.stderr}`);
    expect({ args, code: ended.code, stderr: ended.stderr }).not.toMatchObject({ code: 1 });
    return ended;
  };
  const all = async () => [...said, ...(await files(workspace.folder)), ...(await tables(workspace))];
  return { say, said, all };
}

/** The newest run, and the first reject. */
type Facts = { readonly run: string; readonly reject: string };

/** A case for every command of the help: what it is given, and how it ends when it does its work. */
const cases: Readonly<Record<string, { readonly args: (facts: Facts) => readonly string[]; readonly codes: readonly number[] }>> =
  {
    'dry-run': { args: () => [], codes: [0] },
    fetch: { args: () => [], codes: [2] },
    init: { args: () => ['novo'], codes: [0] },
    validate: { args: () => [], codes: [0, 2] },
    doctor: { args: () => [], codes: [0, 2, 75] },
    schema: { args: () => [], codes: [0] },
    completion: { args: () => ['bash'], codes: [0] },
    reconcile: { args: () => ['--level', 'content'], codes: [0] },
    'lineage show': { args: () => ['obra', '1'], codes: [0] },
    'lineage run': { args: ({ run }) => [run], codes: [0] },
    'lineage file': { args: () => [`data/raw/${day}/obras.csv`], codes: [0] },
    'lineage prune': { args: () => [], codes: [0] },
    'runs list': { args: () => [], codes: [0] },
    'runs show': { args: ({ run }) => [run], codes: [0] },
    'quarantine list': { args: () => [], codes: [0] },
    'quarantine show': { args: ({ reject }) => [reject], codes: [0] },
    'quarantine export': { args: () => ['--force', 'data/rejects.csv'], codes: [0] },
    'quarantine retry': { args: () => [], codes: [0] },
    'alerts list': { args: () => [], codes: [0] },
    'alerts test': { args: () => [], codes: [2] },
    'alerts ack': { args: () => ['--all'], codes: [0] },
    health: { args: () => [], codes: [0, 3, 6] },
    run: { args: () => ['--force'], codes: [0] },
    'quarantine discard': { args: () => ['--dataset', 'obras', '--yes'], codes: [0] },
    'runs undo': { args: ({ run }) => [run, '--yes'], codes: [0] },
  };

// Each starts a process for every command: one after the other, so that none of them waits for the others' longer than is
// given to a process.
describe('a secret', { timeout: 600_000 }, () => {
  it('appears nowhere, whatever command runs', async () => {
    await using server = await scriptedHttp(echoes[0]!.answer);
    await using workspace = await createWorkspace(voice(server.url));
    const { say, all } = listener(workspace);
    expect(everyLeaf().toSorted()).toEqual(Object.keys(cases).toSorted());
    await workspace.put(day, 'outro.csv', dayOne);
    expect(await say(['run', '--date', day])).toMatchObject({ code: 7 });
    await workspace.put(day, 'obras.csv', `${dayOne}4;dez;Muro\n`);
    expect(await say(['run', '--date', day, '--verbose'])).toMatchObject({ code: 0 });
    const [facts] = await workspace.query(
      `SELECT r.id AS run, (SELECT min(id)::text FROM quarantine) AS reject FROM runs r ORDER BY started_at DESC LIMIT 1`,
    );
    for (const [command, { args, codes }] of Object.entries(cases)) {
      const line = [...command.split(' '), ...args(facts as Facts)];
      const ended = await say([...line, '--verbose']);
      expect(codes, `${line.join(' ')}: ${ended.stderr}`).toContain(ended.code);
      await say([...line, '--json']);
    }
    expect(leaks(await all())).toEqual([]);
    // What was not sent could not be echoed.
    expect(Object.entries(sent).filter(([, canary]) => !wasReceived(server.requests, canary))).toEqual([]);
    const answers = await workspace.query("SELECT answer FROM alert_deliveries WHERE answer LIKE '%***%'");
    expect(answers).not.toEqual([]);
  });

  it.each(echoes)('appears nowhere when a service echoes it $title', async ({ answer }) => {
    await using server = await scriptedHttp(answer);
    await using workspace = await createWorkspace(voice(server.url));
    const { say, all } = listener(workspace);
    await workspace.put(day, 'outro.csv', dayOne);
    expect(await say(['run', '--verbose'])).toMatchObject({ code: 7 });
    await say(['alerts', 'test', '--json']);
    await say(['alerts', 'list']);
    expect(leaks(await all())).toEqual([]);
  });

  it('appears nowhere when the mail server and the database cannot be had', async () => {
    await using server = await scriptedHttp(echoes[0]!.answer);
    await using workspace = await createWorkspace(voice(server.url, email));
    const { say, all } = listener(workspace);
    const wrong = urlAs(workspace.databaseUrl, 'canary', kept.wrong);
    const down = new URL(wrong);
    down.port = '1';
    const [run, test] = await Promise.all([
      say(['run', '--verbose'], { DATABASE_URL: wrong }),
      say(['alerts', 'test', '--channel', 'email', '--verbose']),
    ]);
    expect([run.code, test.code]).toEqual([2, 75]);
    for (const [url, codes] of [
      [wrong, [6, 0, 2]],
      [down.href, [6, 0, 75]],
    ] as const) {
      const ended = [];
      for (const line of ['health --json', 'health --metrics', 'alerts list --verbose'])
        ended.push(await say(line.split(' '), { DATABASE_URL: url }));
      expect(ended.map(({ code }) => code)).toEqual(codes);
    }
    expect(leaks(await all())).toEqual([]);
  });

  const misplaced = JSON.stringify(kept.misplaced);
  it.each([
    ['under an unknown key', `alerting: { telegram: { bot_tokn: ${misplaced} } }`],
    ['in a list', `alerting: { telegram: { enabled: true, chat_id: "2", bot_token: [${misplaced}] } }`],
    ['as a map', `alerting: { sendgrid: { api_key: { value: ${misplaced} } } }`],
    ['as no address', `monitoring: { ping_url: ${misplaced} }`],
    [
      'in an address of another protocol',
      `monitoring: { openlineage: { url: ${JSON.stringify(`ftp://u:${kept.misplaced}@h/x`)} } }`,
    ],
    ['in place of headers', `alerting: { webhook: { headers: ${misplaced} } }`],
    ['from a variable that is no address', 'monitoring: { ping_url: "${MISPLACED}" }'],
    ['from a variable in place of a number', 'alerting: { repeat_hours: "${MISPLACED}" }'],
    ['in a line that is no YAML', `alerting: { telegram: { bot_token: ${misplaced}, chat_id: ]`],
    ['twice under one key', `alerting: { mailgun: { api_key: ${misplaced}, api_key: ${misplaced} } }`],
  ])('appears nowhere when the configuration has it %s', async (_, yaml) => {
    // No command gets as far as a database.
    await using workspace = await createWorkspace(`${rejecting}\n${yaml}\n`, 'pglite');
    const { say, said } = listener(workspace);
    const env = { MISPLACED: kept.misplaced };
    const ended = await Promise.all([['--verbose'], ['--json']].map((more) => say(['run', ...more], env)));
    expect(ended.map(({ code }) => code)).toEqual([2, 2]);
    expect(leaks([...said, ...(await files(workspace.folder))])).toEqual([]);
  });
});

describe('personal data of rejected rows', { timeout: 600_000 }, () => {
  const people = ['12345678900', '123.456.789-00', '52998224725', 'ana.canary@x.example', 'Ana Canário'];
  const columns = 'dono: { from: [CPF], format: cpf }\n        contato: { from: [EMAIL] }\n';
  const rows = ['1;10;Ana Canário;12345678900', '2;10;Ana Canário;123.456.789-00', '3;dez;Ana Canário;52998224725'];
  const file = `ID_OBRA;VALOR;NOME;CPF;EMAIL\n${rows.map((row) => `${row};ana.canary@x.example\n`).join('')}`;

  it('is in no request and in no output', async () => {
    await using server = await scriptedHttp(() => ({ status: 200, body: '{"ok":true,"result":{"message_id":1}}' }));
    const yaml = voice(server.url).replace('nome: { from: [NOME] }', `nome: { from: [NOME] }\n        ${columns}`);
    // Held: over the budget. Then published, with the rows in quarantine.
    await using workspace = await createWorkspace(yaml.replace('max_rejected_percent: 100', 'max_rejected_percent: 1'));
    const { say } = listener(workspace);
    await workspace.put(day, 'obras.csv', `${file}4;1;Ponte;;\n`);
    const ended = [await say(['run', '--verbose'])];
    await workspace.configure(yaml.replace('fallback: []', 'fallback: []\n  min_severity: info'));
    for (const line of [
      'run --json --force',
      'run --verbose --force',
      'quarantine list',
      'quarantine list --json',
      'alerts list',
    ])
      ended.push(await say(line.split(' ')));
    expect(ended.map(({ code }) => code)).toEqual([5, 0, 0, 0, 0, 0]);
    expect(server.requests.map(({ path }) => path.split(/[/?]/)[1]!.replace(/^bot.*/, 'bot'))).toEqual(
      expect.arrayContaining(['bot', 'hook', 'v3', sent.ping, 'lineage']),
    );
    const seen = [...server.requests.map(({ path, body }) => `${path} ${body}`), ...ended.map(({ stdout }) => stdout)];
    expect(leaks(seen, people)).toEqual([]);
  });
});

/** Where a canary stands, in whatever form: the canary, and the text around it. */
function leaks(texts: readonly string[], secrets: readonly string[] = canaries): string[] {
  return secrets.flatMap((canary) =>
    formsOf(canary).flatMap((form) =>
      texts
        .filter((text) => text.includes(form))
        .map((text) => `${canary}: …${text.slice(Math.max(0, text.indexOf(form) - 80), text.indexOf(form) + 120)}`),
    ),
  );
}

function formsOf(canary: string): readonly string[] {
  const json = JSON.stringify(canary).slice(1, -1);
  const encoded = encodeURIComponent(canary);
  const plain = [canary, json, JSON.stringify(json).slice(1, -1), encoded, encodeURIComponent(encoded)];
  return [...new Set([...plain, ...inBase64(canary), ...inBase64(json), ...inBase64(encoded)])];
}

/** The characters that depend on nothing but the text, for each way in which it can fall on groups of three bytes. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((skipped) => {
    const whole = bytes.subarray(skipped, bytes.length - ((bytes.length - skipped) % 3));
    return [whole.toString('base64'), whole.toString('base64url')];
  });
}

function wasReceived(requests: readonly ReceivedRequest[], canary: string): boolean {
  const basic = (request: ReceivedRequest) => authorizationOf(request).replace(/^Basic /, '');
  return requests.some((request) =>
    [decodeURIComponent(request.path), authorizationOf(request)]
      .concat(Buffer.from(basic(request), 'base64').toString())
      .some((text) => text.includes(canary)),
  );
}

/** Every file of the project but the configuration, which is where secrets live. */
async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const others = paths.filter((path) => path !== join(folder, 'config.yaml') && path !== join(folder, '.env'));
  return Promise.all(others.map(async (path) => `${path}: ${await readFile(path, 'utf8')}`));
}

async function tables(workspace: Workspace): Promise<string[]> {
  const names = await workspace.query(`
    SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`);
  const rows = names.map(({ name }) => workspace.query(`SELECT '${String(name)}: ' || t::text AS line FROM ${String(name)} t`));
  return (await Promise.all(rows)).flat().map(({ line }) => String(line));
}
