import { describe, expect, it } from 'vitest';
import type { Channels } from '../../../src/config/config.ts';
import { openChannel, parsedTelegram } from '../../support/channel-players.ts';
import { digest, item } from '../../support/digests.ts';
import { scriptedHttp, type Answer, type ReceivedRequest } from '../../support/scripted-http.ts';

const never = new AbortController().signal;
const yes = (): Answer => ({ status: 200, body: '{"ok":true,"result":{"message_id":42}}' });
const no = (code: number, description: string, parameters: object = {}): Answer => ({
  status: code,
  body: JSON.stringify({ ok: false, error_code: code, description, parameters }),
});
const long = {
  ...digest,
  items: Array.from({ length: 8 }, (_, index) => ({ ...item, title: `${index}`, text: '<🐘>'.repeat(300) })),
};

function telegram(apiUrl: string, changes: Partial<NonNullable<Channels['telegram']>> = {}) {
  return openChannel({ telegram: { botToken: '1:abc', chatId: '-100200', messageThreadId: null, apiUrl, ...changes } });
}

function json({ body }: ReceivedRequest): Record<string, unknown> {
  return JSON.parse(body) as Record<string, unknown>;
}

describe('Telegram', () => {
  it('gets HTML, to a chat, without a preview of links', async () => {
    await using server = await scriptedHttp(yes);
    expect(await telegram(server.url).send(digest, never)).toEqual({ answer: '200 OK, message 42' });
    const [request] = server.requests;
    expect(request!.path).toBe('/bot1:abc/sendMessage');
    expect(json(request!)).toMatchObject({ chat_id: '-100200', parse_mode: 'HTML', link_preview_options: { is_disabled: true } });
    expect(json(request!)).not.toHaveProperty('message_thread_id');
    expect(json(request!)['text']).toMatchInlineSnapshot(`
      "<b>🔴 projetus: a carga de 22/11/2026 foi retida</b>

      🔴 <b>obras: nada foi publicado</b>
      4.501 de 10.002 registros sumiram do arquivo (45 %; o limite é 10 %).
      👉 projetus run --accept vanish:obras
      <code>guard-vanish</code>

      🟠 <b>obras: 45 % a menos que ontem</b>
      O arquivo tem 5.501 registros; ontem foram 10.002.
      A tolerância é de 10 %.
      👉 Confira o arquivo e aceite com --accept volume:obras
      <code>volume-anomaly</code>

      🔵 <b>Carga feita</b>
      10.002 lidos
      <code>run-succeeded</code>

      🟢 <b>Resolvido: o banco de dados respondeu de novo</b>
      Ficou fora de 22/11 09:15 a 22/11 10:02.
      <code>database-unavailable</code>

      carga 20261122T121500-3f9a1c · projetus 0.1.0+abc1234 · 22/11/2026 09:16"
    `);
  });

  it('gets the topic', async () => {
    await using server = await scriptedHttp(yes);
    await telegram(`${server.url}/`, { messageThreadId: 7 }).send(digest, never);
    expect(json(server.requests[0]!)).toMatchObject({ message_thread_id: 7 });
    expect(server.requests[0]!.path).toBe('/bot1:abc/sendMessage');
  });

  it('gets a long digest as several messages, cut between items, each within the limit', async () => {
    await using server = await scriptedHttp(yes);
    expect((await telegram(server.url).send(long, never)).answer).toBe('200 OK, message 42, 42, 42');
    const texts = server.requests.map((request) => parsedTelegram(json(request)['text'] as string));
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(4096);
    expect(texts.flatMap((text) => text.match(/^🟠 \d$/gm) ?? [])).toEqual(long.items.map(({ title }) => `🟠 ${title}`));
    for (const text of texts.slice(0, -1)) expect(text.endsWith('volume-anomaly')).toBe(true);
  });

  it('fills a message to the last character', async () => {
    await using server = await scriptedHttp(yes);
    const sized = (length: number) => ({
      ...digest,
      items: [
        { ...item, text: 'é'.repeat(length) },
        { ...item, text: 'é'.repeat(1850) },
      ],
    });
    const sizes = new Set<number>();
    for (let length = 1890; length < 1930; length++) {
      server.requests.length = 0;
      await telegram(server.url).send({ ...sized(length), id: `${length}` }, never);
      if (server.requests.length === 1) sizes.add(parsedTelegram(json(server.requests[0]!)['text'] as string).length);
    }
    expect(Math.max(...sizes)).toBe(4096);
  });

  it('gets plain text when it cannot parse the entities', async () => {
    await using server = await scriptedHttp(yes);
    server.script.push(no(400, "Bad Request: can't parse entities: unsupported start tag"));
    await telegram(server.url).send(digest, never);
    const [html, plain] = server.requests.map(json);
    expect(plain).not.toHaveProperty('parse_mode');
    expect(plain!['text']).toBe(parsedTelegram(html!['text'] as string));
  });

  it('gets it in the supergroup that a group became, and the answer says so', async () => {
    await using server = await scriptedHttp(yes);
    server.script.push(no(400, 'Bad Request: group chat was upgraded', { migrate_to_chat_id: -1_001_234_567_890 }));
    const { answer } = await telegram(server.url).send(long, never);
    expect(answer).toBe('200 OK, message 42, 42, 42; the group has become a supergroup: set chat_id to -1001234567890');
    expect(server.requests.map((request) => json(request)['chat_id'])).toEqual(['-100200', ...Array(3).fill('-1001234567890')]);
  });

  it('is asked three times at most for one message', async () => {
    await using server = await scriptedHttp(() => no(400, "can't parse entities", { migrate_to_chat_id: -5 }));
    await expect(telegram(server.url).send(digest, never)).rejects.toMatchObject({ isPermanent: true });
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    { parameters: { retry_after: 34 }, retryAfterMs: 34_000 },
    { parameters: { retry_after: 1e99 }, retryAfterMs: 86_400_000 },
    { parameters: { retry_after: -1 }, retryAfterMs: 0 },
    { parameters: { retry_after: 'soon' }, retryAfterMs: null },
    { parameters: {}, retryAfterMs: null },
  ])('says how long to wait: $parameters', async ({ parameters, retryAfterMs }) => {
    await using server = await scriptedHttp(() => no(429, 'Too Many Requests', parameters));
    await expect(telegram(server.url).send(digest, never)).rejects.toMatchObject({ isPermanent: false, retryAfterMs });
  });

  it('goes on where it stopped when the same channel tries again', async () => {
    await using server = await scriptedHttp(yes);
    const channel = telegram(server.url);
    server.script.push(yes, no(429, 'Too Many Requests: retry after 3', { retry_after: 3 }));
    await expect(channel.send(long, never)).rejects.toMatchObject({ retryAfterMs: 3000 });
    await channel.send(long, never);
    const texts = server.requests.map((request) => json(request)['text']);
    expect(texts).toHaveLength(4);
    expect(new Set(texts).size).toBe(3);
  });

  it.each([
    { code: 401, description: 'Unauthorized' },
    { code: 400, description: 'Bad Request: chat not found' },
    { code: 403, description: 'Forbidden: bot was kicked from the group chat' },
  ])('says why it refuses: $code $description', async ({ code, description }) => {
    await using server = await scriptedHttp(() => no(code, description));
    const message = `telegram answered ${code}: ${description}`;
    await expect(telegram(server.url).send(digest, never)).rejects.toMatchObject({ message, isPermanent: true });
  });

  it.each(['null', '[]', '{"parameters":null}', '{"result":7}', '"x"', 'nonsense', ''])(
    'is not confused by the answer %s',
    async (body) => {
      await using server = await scriptedHttp(() => ({ status: 200, body }));
      expect((await telegram(server.url).send(digest, never)).answer).toMatch(/^200 OK/);
      server.script.push({ status: 502, body });
      await expect(telegram(server.url).send(digest, never)).rejects.toMatchObject({ isPermanent: false });
    },
  );
});
