import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/open-database.ts';
import { openProxy } from '../support/proxy.ts';
import { scriptedHttp, type ScriptedHttp } from '../support/scripted-http.ts';
import { createTeller, failure } from './telling.ts';

type Posted = { id: string; subject: string; items: { code: string; title: string; text: string; resolved: boolean }[] };

const ok = () => ({ status: 200, body: 'ok' });
const webhook = (server: ScriptedHttp) => ({ webhook: { url: `${server.url}/hook`, headers: {} } });
const telegram = (server: ScriptedHttp) => ({
  telegram: { botToken: '1:secret', chatId: '7', messageThreadId: null, apiUrl: server.url },
});
const digests = (server: ScriptedHttp) => server.requests.map(({ body }) => JSON.parse(body) as Posted);
const answered = (request: { path: string }) =>
  request.path.startsWith('/bot') ? { status: 200, body: '{"ok":true,"result":{"message_id":1}}' } : ok();

describe('a digest', () => {
  it('is sent once, repeated a day later with its beginning, and ends with one notice', async () => {
    await using server = await scriptedHttp(ok);
    await using teller = await createTeller(webhook(server));
    for (const hours of [0, 1, 8, 24, 25]) await teller.at(hours, [failure()]);
    for (const hours of [48, 72]) await teller.at(hours, []);
    const [first, second, last, ...others] = digests(server);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      id: 'run-0',
      thread: null,
      severity: 'critical',
      subject: '[projetus] CRÍTICO: obras: arquivo ausente',
      items: [{ code: 'source-missing', dataset: 'obras', resolved: false }],
      footer: 'execução run-0 · data 01/11/2026 · projetus 0.0.0+test · 01/11/2026, 09:15',
    });
    expect(second).toMatchObject({ id: 'run-24', thread: 'run-0' });
    expect(second!.items[0]!.text).toContain('(desde 01/11/2026, 09:15)');
    expect(last).toMatchObject({
      id: 'run-48',
      thread: 'run-0',
      severity: 'info',
      subject: '[projetus] obras: resolvido: arquivo ausente',
      items: [{ resolved: true, text: 'estava aberto desde 01/11/2026, 09:15' }],
    });
    expect(await teller.alerts()).toEqual([
      { fingerprint: 'source-missing obras', severity: 'critical', status: 'resolved', run_id: 'run-0' },
    ]);
  });

  it('has the worst first, and what is resolved last', async () => {
    await using server = await scriptedHttp(ok);
    await using teller = await createTeller(webhook(server));
    const late = failure({ severity: 'warning', code: 'source-stale', facts: { since: '2026-10-30' } });
    await teller.at(0, [failure({ dataset: 'orgaos' })]);
    await teller.at(1, [late, failure()]);
    const digest = digests(server)[1]!;
    expect(digest.items.map(({ code, title }) => [code, title])).toEqual([
      ['source-missing', 'obras: arquivo ausente'],
      ['source-stale', 'obras: arquivos antigos'],
      ['source-missing', 'orgaos: resolvido: arquivo ausente'],
    ]);
    expect(digest.subject).toBe('[projetus] CRÍTICO: obras: arquivo ausente (1 crítico, 1 aviso, 1 resolvido)');
  });

  it('is in the outbox before it is tried', async () => {
    await using server = await scriptedHttp(ok);
    await using teller = await createTeller(webhook(server));
    server.script.push('hang');
    const told = teller.at(0, [failure()], { budgetMs: 2_000 });
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await teller.deliveries()).toEqual([{ channel: 'webhook', status: 'pending', attempts: 0, answer: null }]);
    await told;
  });
});

describe('a channel that fails', () => {
  it('is tried again in the same run', async () => {
    await using server = await scriptedHttp(ok);
    await using teller = await createTeller(webhook(server));
    server.script.push({ status: 500 }, 'reset');
    expect(await teller.at(0, [failure()])).toMatchObject([{ channel: 'webhook', status: 'sent' }]);
    expect(await teller.deliveries()).toMatchObject([{ status: 'sent', attempts: 3 }]);
  });

  it('is waited for as long as it asks', async () => {
    await using server = await scriptedHttp(ok);
    await using teller = await createTeller(webhook(server));
    server.script.push({ status: 429, headers: { 'retry-after': '2' } });
    const started = performance.now();
    expect(await teller.at(0, [failure()])).toMatchObject([{ status: 'sent' }]);
    expect(performance.now() - started).toBeGreaterThan(1_950);
  });

  it('is not waited for when it asks for more time than there is; the next run delivers', async () => {
    await using server = await scriptedHttp(ok);
    await using teller = await createTeller(webhook(server));
    server.script.push({ status: 429, headers: { 'retry-after': '3600' } });
    const started = performance.now();
    expect(await teller.at(0, [failure()])).toMatchObject([{ status: 'pending' }]);
    expect(performance.now() - started).toBeLessThan(4_500);
    expect(await teller.at(1, [failure()])).toMatchObject([{ channel: 'webhook', status: 'sent' }]);
    expect(digests(server).map(({ id }) => id)).toEqual(['run-0', 'run-0']);
    expect(await teller.deliveries()).toMatchObject([{ status: 'sent', attempts: 2 }]);
    expect(await teller.at(2, [failure()])).toEqual([]);
  });

  it.each([
    ['for now', { status: 503 }, 'pending'],
    ['for good', { status: 403, body: '{"ok":false,"description":"Forbidden: bot was blocked"}' }, 'failed'],
  ])('%s is replaced by the fallback in the same run', async (_, reaction, status) => {
    await using server = await scriptedHttp(answered);
    await using teller = await createTeller({ ...telegram(server), ...webhook(server) }, ['webhook']);
    server.script.push(reaction, ...(status === 'pending' ? Array.from({ length: 2 }, () => reaction) : []));
    const told = await teller.at(0, [failure()], { budgetMs: 12_000 });
    expect(told).toMatchObject([
      { channel: 'telegram', status },
      { channel: 'webhook', status: 'sent' },
    ]);
    expect(await teller.deliveries()).toMatchObject([
      { channel: 'telegram', status },
      { channel: 'webhook', status: 'sent' },
    ]);
    await teller.at(1, [failure()]);
    const statuses = (await teller.deliveries()).map((delivery) => delivery['status']);
    expect(statuses).toEqual([status === 'pending' ? 'sent' : 'failed', 'sent']);
  });

  it('that hangs holds nothing up for longer than the budget', async () => {
    await using server = await scriptedHttp(ok);
    await using teller = await createTeller(webhook(server));
    server.script.push(...Array.from({ length: 20 }, () => 'hang' as const));
    const started = performance.now();
    expect(await teller.at(0, [failure()], { budgetMs: 2_000 })).toMatchObject([{ status: 'pending' }]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('and is no longer configured is given up', async () => {
    await using server = await scriptedHttp(ok);
    await using teller = await createTeller(webhook(server));
    server.script.push({ status: 429, headers: { 'retry-after': '3600' } });
    await teller.at(0, [failure()]);
    await teller.at(1, [failure()], { channels: [] });
    expect(await teller.deliveries()).toMatchObject([{ status: 'failed', answer: 'the channel is no longer configured' }]);
  });
});

describe('without a database', () => {
  it('everything is said, and nothing remembered', async () => {
    await using server = await scriptedHttp(ok);
    await using teller = await createTeller(webhook(server));
    await teller.database[Symbol.asyncDispose]();
    for (const hours of [0, 1]) expect(await teller.at(hours, [failure()])).toMatchObject([{ status: 'sent' }]);
    expect(server.requests).toHaveLength(2);
    expect(await teller.deliveries()).toEqual([]);
  });
});

describe('a database that hangs', () => {
  it('is not waited for longer than half of the time, and people are told all the same', async () => {
    await using server = await scriptedHttp(ok);
    await using teller = await createTeller(webhook(server));
    let isSwallowing = false;
    await using proxy = await openProxy(teller.project.databaseUrl, { toServer: () => !isSwallowing });
    await using hanging = await openDatabase({ ...teller.opening, url: proxy.url });
    isSwallowing = true;
    const started = performance.now();
    expect(await teller.at(0, [failure()], { budgetMs: 6_000 }, hanging)).toMatchObject([{ status: 'sent' }]);
    expect(performance.now() - started).toBeLessThan(5_700);
  });
});

describe('two runs that end at once', () => {
  it('open one alert, and say it once', async () => {
    await using server = await scriptedHttp(ok);
    await using teller = await createTeller(webhook(server));
    await using other = await teller.database.reopen();
    const alert = failure({ dataset: null });
    await Promise.all([teller.at(0, [alert]), teller.at(0.001, [alert], {}, other)]);
    expect(await teller.alerts()).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });
});
