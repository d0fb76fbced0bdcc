import { describe, expect, it } from 'vitest';
import { openChannels } from '../../../src/alert/channels/open-channels.ts';
import { network, noChannels, openChannel } from '../../support/channel-players.ts';
import { digest } from '../../support/digests.ts';
import { scriptedHttp } from '../../support/scripted-http.ts';

const never = new AbortController().signal;
const service = {
  apiKey: 'own-key',
  from: 'Projetus <alerts@example.org>',
  to: ['ana@example.org', '"B. Bento" <b@example.org>'],
};
const messageId = /^<projetus\.[0-9a-f]{32}@example\.org>$/;

describe('SendGrid', () => {
  it('gets the mail with its headers, and each receiver once', async () => {
    await using server = await scriptedHttp(() => ({ status: 202, headers: { 'x-message-id': 'abc' } }));
    const to = [...service.to, 'ana@example.org'];
    const channel = openChannel({ sendgrid: { ...service, to, region: 'eu', apiUrl: `${server.url}/` } });
    expect(await channel.send({ ...digest, thread: 'first' }, never)).toEqual({ answer: '202 accepted as abc' });
    const [request] = server.requests;
    expect(request).toMatchObject({
      path: '/v3/mail/send',
      headers: { authorization: 'Bearer own-key', 'content-type': 'application/json' },
    });
    const body = JSON.parse(request!.body) as { headers: Record<string, string> };
    expect(body).toMatchObject({
      personalizations: [{ to: [{ email: 'ana@example.org' }, { email: 'b@example.org', name: 'B. Bento' }] }],
      from: { email: 'alerts@example.org', name: 'Projetus' },
      subject: `🔴 ${digest.subject}`,
    });
    expect(body.headers['Message-ID']).toMatch(messageId);
    expect(body.headers['References']).toMatch(messageId);
    expect(body.headers['Auto-Submitted']).toBe('auto-generated');
  });
});

describe('Mailgun', () => {
  it('gets the mail as a form, for the domain', async () => {
    await using server = await scriptedHttp(() => ({ status: 200, body: '{"message":"Queued. Thank you."}' }));
    const channel = openChannel({ mailgun: { ...service, domain: 'mg.example.org', region: 'us', apiUrl: server.url } });
    expect(await channel.send(digest, never)).toEqual({ answer: '200 Queued. Thank you.' });
    const [request] = server.requests;
    expect(request).toMatchObject({ path: '/v3/mg.example.org/messages', headers: { authorization: 'Basic YXBpOm93bi1rZXk=' } });
    const form = new URLSearchParams(request!.body);
    expect(form.getAll('to')).toEqual(service.to);
    expect(form.get('from')).toBe(service.from);
    expect(form.get('h:Message-ID')).toMatch(messageId);
    expect(form.get('h:References')).toBeNull();
  });
});

describe('a webhook', () => {
  it('gets a document with a schema, and headers of its own win', async () => {
    await using server = await scriptedHttp(() => ({ status: 204 }));
    const headers = { 'Content-Type': 'application/vnd.own+json', 'X-Key': 'k' };
    const { answer } = await openChannel({ webhook: { url: `${server.url}/in?a=b`, headers } }).send(digest, never);
    expect(answer).toBe('204');
    const [request] = server.requests;
    expect(request).toMatchObject({ path: '/in?a=b', headers: { 'content-type': 'application/vnd.own+json', 'x-key': 'k' } });
    const items = digest.items.map(({ isResolved, ...rest }) => ({ ...rest, resolved: isResolved }));
    expect(JSON.parse(request!.body)).toEqual({ schema: 'projetus.alert/1', ...digest, items });
  });

  it('says that a redirect is not followed', async () => {
    await using server = await scriptedHttp(() => ({ status: 308, headers: { location: 'http://127.0.0.1:9/' } }));
    const message = 'webhook answered 308: a redirect, which is not followed; correct the address';
    await expect(openChannel({ webhook: { url: server.url, headers: {} } }).send(digest, never)).rejects.toMatchObject({
      message,
      isPermanent: true,
    });
  });

  it.each([
    { headers: { 'retry-after': '120' }, retryAfterMs: 120_000 },
    { headers: { 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT', date: 'Sun, 22 Nov 2026 12:00:00 GMT' }, retryAfterMs: 30_000 },
    { headers: { 'retry-after': '99999999999999999999' }, retryAfterMs: 86_400_000 },
    { headers: { 'retry-after': 'soon' }, retryAfterMs: null },
    { headers: {}, retryAfterMs: null },
  ])('is told how long to wait: $headers', async ({ headers, retryAfterMs }) => {
    await using server = await scriptedHttp(() => ({ status: 503, headers }));
    const channel = openChannel({ webhook: { url: server.url, headers: {} } });
    await expect(channel.send(digest, never)).rejects.toMatchObject({ retryAfterMs, isPermanent: false });
  });
});

describe('the channels that are open', () => {
  it('are those that the configuration enables', () => {
    const webhook = { url: 'http://127.0.0.1:9', headers: {} };
    const sendgrid = { ...service, region: 'global', apiUrl: null };
    expect(openChannels({ ...noChannels, webhook, sendgrid }, network).map(({ name }) => name)).toEqual(['sendgrid', 'webhook']);
    expect(openChannels(noChannels, network)).toEqual([]);
  });
});
