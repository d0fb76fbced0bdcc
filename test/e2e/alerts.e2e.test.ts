import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parsedTelegram } from '../support/channel-players.ts';
import { localhostCertificate } from '../support/localhost-certificate.ts';
import { openProxy } from '../support/proxy.ts';
import { scriptedHttp, type Answer, type ScriptedHttp } from '../support/scripted-http.ts';
import { scriptedSmtp } from '../support/scripted-smtp.ts';
import { createWorkspace, day, dayOne, manyObras, obrasConfig, untilBusy, type Workspace } from './workspace.ts';

/** Telegram on loopback; the ping goes to the same server. */
async function telegram(): Promise<ScriptedHttp> {
  const yes: Answer = { status: 200, body: '{"ok":true,"result":{"message_id":1}}' };
  return scriptedHttp(({ path }) => (path.startsWith('/bot') ? yes : { status: 200, body: 'OK' }));
}

function alertingTo({ url }: ScriptedHttp, more = ''): string {
  return `${obrasConfig}
alerting:
  telegram: { enabled: true, bot_token: "1:x", chat_id: "2", api_url: "${url}" }
${more}`;
}

const pinging = ({ url }: ScriptedHttp) => `monitoring: { ping_url: "${url}/ping" }\n`;

/** What the phone shows of each message. */
const messages = ({ requests }: ScriptedHttp) =>
  requests
    .filter(({ path }) => path.startsWith('/bot'))
    .map(({ body }) => parsedTelegram((JSON.parse(body) as { text: string }).text));

const pings = ({ requests }: ScriptedHttp) =>
  requests.map(({ path }) => path.split('?')[0]!).filter((path) => path.startsWith('/ping'));

describe('a message', () => {
  it('says of each dataset what is wrong and what to do, and is repeated with its beginning', async () => {
    await using server = await telegram();
    // Two seconds: the second run is that of the next day.
    await using workspace = await createWorkspace(alertingTo(server, `  repeat_hours: 0.0005\n${pinging(server)}`));
    await workspace.put(day, 'nota.txt', 'x');
    expect(await workspace.projetus(['run'])).toMatchObject({ code: 7 });
    await sleep(2_000);
    expect(await workspace.projetus(['run'])).toMatchObject({ code: 7 });
    const [first, second, ...others] = messages(server);
    expect(others).toEqual([]);
    expect(first).toMatch(
      /^🔴 \[projetus\] CRÍTICO: obras: arquivo ausente \(1 crítico, 1 aviso\)\n\n🔴 obras: arquivo ausente\n/,
    );
    expect(first).toContain('🟠 arquivo desconhecido\nnota.txt não corresponde a nenhum conjunto de dados');
    expect(second).toMatch(/\(desde \d\d\/\d\d\/\d{4}, \d\d:\d\d\)/);
    expect(pings(server)).toEqual(['/ping/start', '/ping/7', '/ping/start', '/ping/7']);
  });

  it('tells the numbers of a normal run, in English, to who wants them', async () => {
    await using server = await telegram();
    await using workspace = await createWorkspace(alertingTo(server, '  min_severity: info\n  language: en\n'));
    await workspace.put(day, 'obras.csv', dayOne);
    expect(await workspace.projetus(['run', '--date', day])).toMatchObject({ code: 0 });
    expect(messages(server)).toEqual([
      expect.stringMatching(/^🔵 \[projetus\] INFO: done\n\n🔵 done\nobras: 3 rows read, 3 changes \(\d+ s\)\nrun-done\n\nrun /),
    ]);
  });
});

describe('e-mail', () => {
  it('is the fallback: silent while Telegram works, told in the same run when it does not', async () => {
    await using server = await telegram();
    await using smtp = await scriptedSmtp({ password: 'pass word' });
    const email = `email: { enabled: true, smtp_host: 127.0.0.1, smtp_port: ${smtp.port}, user: ana, pass: pass word, from: a@x.example, to: [b@x.example] }`;
    await using workspace = await createWorkspace(alertingTo(server, `  ${email}\n`));
    const trusted = join(workspace.folder, 'ca.pem');
    await writeFile(trusted, localhostCertificate);
    const env = { NODE_EXTRA_CA_CERTS: trusted };
    expect(await workspace.projetus(['alerts', 'test', '--channel', 'email'], env)).toMatchObject({ code: 0 });
    expect(await workspace.projetus(['alerts', 'test', '--channel', 'email'])).toMatchObject({
      code: expect.toSatisfy((code) => code !== 0) as number,
      stdout: expect.stringContaining('certificate') as string,
    });
    expect(smtp.mails.splice(0)).toMatchObject([{ to: ['b@x.example'], isSecure: true }]);
    expect(await workspace.projetus(['run'], env)).toMatchObject({ code: 7 });
    expect([messages(server).length, smtp.mails.length]).toEqual([1, 0]);
    await workspace.put(day, 'obras.csv', 'ID_OBRA;VALOR;NOME\n');
    server.script.push({ status: 403, body: '{"ok":false,"description":"Forbidden"}' });
    const ended = await workspace.projetus(['run'], env);
    expect(ended).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('the alert to telegram was not delivered') as string,
    });
    expect(smtp.mails).toMatchObject([{ headers: { subject: expect.stringContaining('obras: arquivo sem linhas') as string } }]);
  });
});

describe('a channel that hangs', () => {
  it('changes no exit code, and the run ends within 30 s of its work; the next run delivers', async () => {
    await using server = await telegram();
    await using workspace = await createWorkspace(alertingTo(server));
    server.script.push(...Array.from({ length: 20 }, () => 'hang' as const));
    const ended = await workspace.projetus(['run']);
    expect(ended).toMatchObject({ code: 7, stderr: expect.stringContaining('the next run tries again') as string });
    // 25 s for the channels, and what a busy machine takes for the run itself.
    expect(ended.durationMs).toBeLessThan(45_000);
    server.script.length = 0;
    const { stdout } = await workspace.projetus(['alerts', 'list']);
    expect(stdout).toMatch(/Not delivered\n +1 {2}telegram, of .*: will be tried again after \d tries: /);
    server.requests.length = 0;
    await workspace.query("UPDATE alert_deliveries SET attempted_at = attempted_at - interval '1 day'");
    await workspace.projetus(['run']);
    expect(messages(server)).toHaveLength(1);
  });
});

describe('a run that is ended from outside', () => {
  it.each([
    ['SIGTERM', 143, [expect.stringContaining('a execução foi encerrada de fora')]],
    ['SIGINT', 130, []],
  ] as const)(
    'by %s in the middle of a load ends before SIGKILL comes, and people hear of it only from a machine',
    async (signal, code, told) => {
      await using server = await telegram();
      await using workspace = await createWorkspace(alertingTo(server, pinging(server)));
      await workspace.put(day, 'obras.csv', manyObras(150_000));
      const { child, ended } = workspace.start(['run', '--date', day]);
      await untilBusy(workspace, 'COPY');
      const signalled = performance.now();
      child.kill(signal);
      expect(await ended).toMatchObject({ code });
      expect(performance.now() - signalled).toBeLessThan(10_000);
      expect(messages(server)).toEqual(told);
      expect(pings(server)).toEqual(['/ping/start', `/ping/${code}`]);
    },
  );

  it('by a database that goes away is told without it', async () => {
    await using server = await telegram();
    await using workspace = await createWorkspace(alertingTo(server));
    await workspace.put(day, 'obras.csv', manyObras(150_000));
    let isGone = false;
    await using proxy = await openProxy(workspace.databaseUrl, {
      toServer: (_, link) => {
        if (isGone) link.cut();
        return !isGone;
      },
    });
    const { ended } = workspace.start(['run', '--date', day], { DATABASE_URL: proxy.url });
    await untilBusy(workspace, 'COPY');
    isGone = true;
    proxy.close();
    expect(await ended).toMatchObject({ code: 75 });
    expect(messages(server)).toEqual([expect.stringContaining('o banco de dados não responde')]);
    expect(await workspace.query('SELECT FROM alert_deliveries')).toEqual([]);
  });
});

describe('an audit', () => {
  it('tells a difference that it finds twice, once, and its end', async () => {
    await using server = await telegram();
    await using workspace = await createWorkspace(alertingTo(server));
    await workspace.put(day, 'obras.csv', dayOne);
    expect(await workspace.run({ date: day })).toMatchObject({ exit_code: 0 });
    await change(workspace, '9');
    const reconcile = async () => (await workspace.projetus(['reconcile', '--level', 'content'])).code;
    expect(await reconcile()).toBe(4);
    expect(messages(server)).toEqual([]);
    for (let again = 0; again < 2; again++) expect(await reconcile()).toBe(4);
    expect(messages(server)).toEqual([expect.stringContaining('obras: a tabela difere dos arquivos')]);
    await change(workspace, '10.50');
    expect(await reconcile()).toBe(0);
    expect(messages(server).slice(1)).toEqual([expect.stringContaining('resolvido: a tabela difere dos arquivos')]);
  });

  const change = (workspace: Workspace, valor: string) => workspace.query(`UPDATE obras SET valor = ${valor} WHERE id = '1'`);
});
