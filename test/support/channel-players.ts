import { openChannels } from '../../src/alert/channels/open-channels.ts';
import type { Channel } from '../../src/alert/channel.ts';
import type { Channels } from '../../src/config/config.ts';
import type { Network } from '../../src/net/http.ts';
import { localhostCertificate } from './localhost-certificate.ts';
import { scriptedHttp, type Answer, type ReceivedRequest, type ScriptedHttp } from './scripted-http.ts';
import { scriptedSmtp } from './scripted-smtp.ts';
import { noProxies } from './no-proxies.ts';

/** A provider on loopback that plays one of those that channels speak to. */
export type Player = {
  readonly channel: Channel;
  /** The next request gets this. */
  readonly fail: (fault: Fault) => void;
  /** What people would see, and under which subject; one for each message that arrived. */
  readonly seen: () => readonly { readonly subject: string; readonly text: string; readonly html: string }[];
  /** The name and password or token that the channel has. */
  readonly secrets: readonly string[];
  readonly connections: () => number;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type Fault =
  | 'too many requests'
  | 'broken'
  | 'hang'
  | 'reset'
  | 'wrong credentials'
  | 'forbidden'
  | 'not found'
  | 'a no that echoes the request'
  | 'a yes that echoes the request';

export const noChannels: Channels = { telegram: null, email: null, sendgrid: null, mailgun: null, webhook: null };

export const network: Network = {
  userAgent: 'projetus/0.0.0+test',
  timeoutMs: 10_000,
  ca: localhostCertificate,
  proxies: noProxies,
};

export function openChannel(channels: Partial<Channels>, changes: Partial<Network> = {}): Channel {
  const [channel] = openChannels({ ...noChannels, ...channels }, { ...network, ...changes });
  return channel!;
}

export const players: Readonly<Record<Channel['name'], (timeoutMs?: number) => Promise<Player>>> = {
  telegram: async (timeoutMs = 10_000) => {
    const server = await scriptedHttp(() => ({ status: 200, body: '{"ok":true,"result":{"message_id":42}}' }));
    const botToken = '123456789:AAc4nary-Token_of/the bot';
    const telegram = { botToken, chatId: '-100200', messageThreadId: null, apiUrl: server.url };
    return httpPlayer(server, openChannel({ telegram }, { timeoutMs }), [botToken], ({ body }) => {
      const { text, parse_mode } = JSON.parse(body) as { text: string; parse_mode?: string };
      const shown = parse_mode === undefined ? text : parsedTelegram(text);
      return { subject: shown.split('\n')[0]!, text: shown, html: parse_mode === undefined ? '' : text };
    });
  },
  email: emailPlayer,
  sendgrid: async (timeoutMs = 10_000) => {
    const server = await scriptedHttp(() => ({ status: 202, headers: { 'x-message-id': 'sg-1' } }));
    const apiKey = 'SG.c4nary key+with/odd=letters';
    const sendgrid = { ...mailService, apiKey, region: 'global', apiUrl: server.url };
    return httpPlayer(server, openChannel({ sendgrid }, { timeoutMs }), [apiKey], ({ body }) => {
      const { subject, content } = JSON.parse(body) as { subject: string; content: { type: string; value: string }[] };
      const value = (type: string) => content.find((part) => part.type === type)?.value ?? '';
      return { subject, text: value('text/plain'), html: value('text/html') };
    });
  },
  mailgun: async (timeoutMs = 10_000) => {
    const server = await scriptedHttp(() => ({ status: 200, body: '{"id":"<1@mg>","message":"Queued. Thank you."}' }));
    const apiKey = 'key-c4nary:with/odd=letters';
    const mailgun = { ...mailService, apiKey, region: 'us', domain: 'mg.example.org', apiUrl: server.url };
    return httpPlayer(server, openChannel({ mailgun }, { timeoutMs }), [apiKey], ({ body }) => {
      const form = new URLSearchParams(body);
      return { subject: form.get('subject')!, text: form.get('text')!, html: form.get('html')! };
    });
  },
  webhook: async (timeoutMs = 10_000) => {
    const server = await scriptedHttp(() => ({ status: 200, body: 'taken' }));
    const url = `${server.url}/hooks/c4nary-path-token?key=c4nary-query-token`;
    const headers = { Authorization: 'Bearer c4nary-header-token' };
    const secrets = ['c4nary-path-token', 'c4nary-query-token', 'c4nary-header-token', url];
    return httpPlayer(server, openChannel({ webhook: { url, headers } }, { timeoutMs }), secrets, ({ body }) => {
      const { subject, items, footer } = JSON.parse(body) as {
        subject: string;
        items: Record<string, string | null>[];
        footer: string;
      };
      const text = items.map(({ title, text, next, code }) => [title, text, next, code].join('\n')).join('\n\n');
      return { subject, text: `${text}\n\n${footer}`, html: '' };
    });
  },
};

const mailService = { from: 'Projetus <alerts@example.org>', to: ['ana@example.org', 'bento@example.org'] };

type Seen = ReturnType<Player['seen']>[number];

function httpPlayer(
  server: ScriptedHttp,
  channel: Channel,
  secrets: readonly string[],
  read: (request: ReceivedRequest) => Seen,
): Player {
  const echo = (status: number) => (request: ReceivedRequest) => ({ status, body: everyForm(request, secrets) });
  const answers: Readonly<Record<Exclude<Fault, 'hang' | 'reset'>, Answer | ReturnType<typeof echo>>> = {
    'too many requests': { status: 429, headers: { 'retry-after': '7' }, body: '{"message":"slow down"}' },
    broken: { status: 500, body: '<html>oops</html>' },
    'wrong credentials': { status: 401, body: '{"ok":false,"description":"Unauthorized"}' },
    forbidden: { status: 403, body: '{"errors":[{"message":"bot was blocked"}]}' },
    'not found': { status: 404, body: 'Not Found' },
    'a no that echoes the request': echo(400),
    'a yes that echoes the request': echo(200),
  };
  return {
    channel,
    fail: (fault) => void server.script.push(fault === 'hang' || fault === 'reset' ? fault : answers[fault]),
    seen: () => server.requests.map(read),
    secrets,
    connections: server.connections,
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
}

async function emailPlayer(timeoutMs = 10_000): Promise<Player> {
  const pass = 'c4nary pass+word/with=odd letters';
  const server = await scriptedSmtp({ password: pass });
  const email = { ...mailService, smtpHost: '127.0.0.1', smtpPort: server.port, user: 'ana', pass, secure: 'auto' } as const;
  const echo = everyForm({ method: '', path: '', headers: {}, body: '' }, [pass, `\0ana\0${pass}`]).replaceAll(/[\r\n]/g, ' ');
  const reactions = {
    hang: 'hang',
    reset: 'reset',
    'too many requests': { at: 'data', code: 421, text: '4.7.0 Try again later' },
    broken: { at: 'data', code: 451, text: '4.3.0 Local error in processing' },
    'wrong credentials': { at: 'login', code: 535, text: '5.7.8 Username and Password not accepted' },
    forbidden: { at: 'recipient', code: 550, text: '5.1.1 No such user' },
    'not found': { at: 'data', code: 554, text: '5.7.1 Not here' },
    'a no that echoes the request': { at: 'login', code: 535, text: echo },
    'a yes that echoes the request': { at: 'data', code: 250, text: echo },
  } as const;
  return {
    channel: openChannel({ email }, { timeoutMs }),
    fail: (fault) => {
      server.script.push(reactions[fault]);
      // Each receiver is asked for.
      if (fault === 'forbidden') server.script.push(reactions[fault]);
    },
    seen: () => server.mails.map(({ headers, text, html }) => ({ subject: headers['subject']!, text, html })),
    secrets: [pass],
    connections: server.connections,
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
}

/** All that was received, and the secrets in each form in which a provider may have them. */
function everyForm({ method, path, headers, body }: ReceivedRequest, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => formsOf(secret));
  return `${forms.join(' ')} ${method} ${path} ${JSON.stringify(headers)} ${body}`;
}

/** A secret as it is, and as it is seen inside other things. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    new URLSearchParams({ a: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    Buffer.from(`a${secret}`).toString('base64'),
    Buffer.from(`api:${secret}`).toString('base64'),
    Buffer.from(`\0ana\0${secret}`).toString('base64'),
  ];
}

/** What a Telegram client shows. Throws where the Bot API says "can't parse entities". */
export function parsedTelegram(html: string): string {
  const open: string[] = [];
  const text = html.replaceAll(/<[^>]*>|&[^;]*;|[<>&]/g, (token) => {
    const entity = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' }[token];
    if (entity !== undefined) return entity;
    const tag = /^<(\/?)(b|i|code)>$/.exec(token);
    if (!tag) throw new Error(`can't parse entities: ${token}`);
    if (tag[1] === '') open.push(tag[2]!);
    else if (open.pop() !== tag[2]) throw new Error(`can't parse entities: unmatched ${token}`);
    return '';
  });
  if (open.length > 0) throw new Error("can't parse entities: end tag missing");
  return text;
}
