import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { tlsOptions } from '../../../src/alert/channels/email.ts';
import type { Channels } from '../../../src/config/config.ts';
import type { Network } from '../../../src/net/http.ts';
import { openChannel } from '../../support/channel-players.ts';
import { digest } from '../../support/digests.ts';
import { scriptedSmtp } from '../../support/scripted-smtp.ts';

type Email = NonNullable<Channels['email']>;

const never = new AbortController().signal;
/** Loopback, and no name or address that we know to be: as a server elsewhere would be. */
const elsewhere = '::ffff:127.0.0.1';
const base: Email = {
  smtpHost: '127.0.0.1',
  smtpPort: 587,
  from: 'Projetus <alerts@example.org>',
  to: ['ana@example.org', 'bento@example.org'],
  user: null,
  pass: null,
  secure: 'auto',
};

function email(changes: Partial<Email>, network: Partial<Network> = {}) {
  return openChannel({ email: { ...base, ...changes } }, network);
}

describe('an e-mail', () => {
  it('goes out after STARTTLS and a login, to everybody', async () => {
    await using server = await scriptedSmtp({ password: 'p' });
    const { answer } = await email({ smtpPort: server.port, user: 'ana', pass: 'p' }).send(digest, never);
    expect(answer).toBe('250 OK queued as 1');
    expect(server.logins).toEqual([{ user: 'ana', password: 'p', isSecure: true }]);
    const [mail] = server.mails;
    expect(mail).toMatchObject({ to: base.to, isSecure: true });
    expect(mail!.headers).toMatchObject({
      from: 'Projetus <alerts@example.org>',
      to: 'ana@example.org, bento@example.org',
      subject: `🔴 ${digest.subject}`,
      'auto-submitted': 'auto-generated',
    });
  });

  it('goes out under TLS from the first byte', async () => {
    await using server = await scriptedSmtp({ isSecure: true, password: 'p' });
    await email({ smtpPort: server.port, user: 'ana', pass: 'p', secure: true }).send(digest, never);
    expect(server.logins).toEqual([{ user: 'ana', password: 'p', isSecure: true }]);
  });

  it('goes out in clear to a server of this machine, without a password', async () => {
    await using server = await scriptedSmtp({ hasStartTls: false });
    await email({ smtpPort: server.port }).send(digest, never);
    expect(server.mails[0]).toMatchObject({ isSecure: false });
  });

  it('goes out in clear to another server when the configuration says secure: false', async () => {
    await using server = await scriptedSmtp({});
    await email({ smtpPort: server.port, smtpHost: elsewhere, secure: false }).send(digest, never);
    expect(server.mails[0]).toMatchObject({ isSecure: false });
  });

  it.each([
    { what: 'a password to this machine', changes: { user: 'ana', pass: 'p' } },
    { what: 'a password, whatever secure says', changes: { user: 'ana', pass: 'p', secure: false } },
    { what: 'a mail to another machine', changes: { smtpHost: elsewhere } },
  ] as const)('stays here when the server has no STARTTLS: $what', async ({ changes }) => {
    await using server = await scriptedSmtp({ hasStartTls: false, password: 'p' });
    await expect(email({ ...changes, smtpPort: server.port }).send(digest, never)).rejects.toThrow(/^email: .*STARTTLS/);
    expect(server).toMatchObject({ logins: [], mails: [] });
  });

  it('stays here when the certificate cannot be verified, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    await using server = await scriptedSmtp({ password: 'p' });
    const channel = email({ smtpPort: server.port, user: 'ana', pass: 'p' }, { ca: null });
    await expect(channel.send(digest, never)).rejects.toThrow(/^email: .*self-signed certificate/);
    expect(server).toMatchObject({ logins: [], mails: [] });
  });

  it('has the same Message-ID when it is sent twice, and repeats refer to the first mail', async () => {
    await using server = await scriptedSmtp({});
    const channel = email({ smtpPort: server.port });
    const sent = [
      { id: 'a', thread: null },
      { id: 'a', thread: 'a' },
      { id: 'b', thread: 'a' },
    ].map((ids) => ({ ...digest, ...ids }));
    for (const each of sent) await channel.send(each, never);
    const [first, again, repeat] = server.mails.map(({ headers }) => headers);
    expect(first!['message-id']).toMatch(/^<projetus\.[0-9a-f]{32}@example\.org>$/);
    expect(again!['message-id']).toBe(first!['message-id']);
    expect(again).not.toHaveProperty('references');
    expect(repeat!['message-id']).not.toBe(first!['message-id']);
    expect(repeat).toMatchObject({ references: first!['message-id'], 'in-reply-to': first!['message-id'] });
  });

  it.each([
    { pass: 'abcd efgh ijkl mnop', password: 'abcdefghijklmnop' },
    { pass: 'abcd\u00A0efgh\u00A0ijkl\u00A0mnop', password: 'abcdefghijklmnop' },
    { pass: 'abcdefghijklmnop', password: 'abcdefghijklmnop' },
    { pass: 'my own pass word', password: 'my own pass word' },
  ])('logs in with the app password $pass', async ({ pass, password }) => {
    await using server = await scriptedSmtp({ password });
    await email({ smtpPort: server.port, user: 'ana', pass }).send(digest, never);
    expect(server.logins[0]).toMatchObject({ password });
  });

  it('that one of two receivers does not get says who', async () => {
    await using server = await scriptedSmtp({});
    server.script.push({ at: 'recipient', code: 550, text: '5.1.1 No such user' });
    const { answer } = await email({ smtpPort: server.port }).send(digest, never);
    expect(answer).toBe('250 OK queued as 1; refused: ana@example.org');
    expect(server.mails[0]).toMatchObject({ to: ['bento@example.org'] });
  });

  it.each([
    { at: 'login', code: 454, isPermanent: false },
    { at: 'login', code: 535, isPermanent: true },
    { at: 'data', code: 452, isPermanent: false },
    { at: 'data', code: 554, isPermanent: true },
  ] as const)('that is refused with $code says it in the words of the server', async ({ at, code, isPermanent }) => {
    await using server = await scriptedSmtp({ password: 'p' });
    server.script.push({ at, code, text: 'first line\nlast line' });
    const sending = email({ smtpPort: server.port, user: 'ana', pass: 'p' }).send(digest, never);
    await expect(sending).rejects.toMatchObject({ message: `email: the server answered ${code} last line`, isPermanent });
  });

  it.each([
    { smtpHost: 'mail.example.org', smtpPort: 465, pass: 'p', secure: 'auto', tls: 'from the first byte' },
    { smtpHost: 'localhost', smtpPort: 465, pass: null, secure: 'auto', tls: 'from the first byte' },
    { smtpHost: 'mail.example.org', smtpPort: 2465, pass: null, secure: true, tls: 'from the first byte' },
    { smtpHost: 'mail.example.org', smtpPort: 587, pass: 'p', secure: 'auto', tls: 'STARTTLS' },
    { smtpHost: 'mail.example.org', smtpPort: 25, pass: null, secure: 'auto', tls: 'STARTTLS' },
    { smtpHost: 'mail.example.org', smtpPort: 25, pass: null, secure: false, tls: 'none' },
    { smtpHost: 'mail.example.org', smtpPort: 465, pass: 'p', secure: false, tls: 'STARTTLS' },
    { smtpHost: 'localhost', smtpPort: 25, pass: null, secure: 'auto', tls: 'none' },
    { smtpHost: '127.0.0.2', smtpPort: 25, pass: null, secure: 'auto', tls: 'none' },
    { smtpHost: '::1', smtpPort: 25, pass: null, secure: 'auto', tls: 'none' },
    { smtpHost: '127.example.org', smtpPort: 25, pass: null, secure: 'auto', tls: 'STARTTLS' },
    { smtpHost: 'localhost', smtpPort: 25, pass: 'p', secure: false, tls: 'STARTTLS' },
  ] as const)('has TLS: $smtpHost:$smtpPort, password $pass, secure $secure: $tls', ({ tls, ...config }) => {
    const { secure, requireTLS, ignoreTLS } = tlsOptions({ ...base, ...config });
    expect([secure && 'from the first byte', requireTLS && 'STARTTLS', ignoreTLS && 'none'].filter(Boolean)).toEqual([tls]);
  });
});
