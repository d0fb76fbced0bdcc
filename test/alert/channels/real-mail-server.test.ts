import { describe, expect, it } from 'vitest';
import { openChannel } from '../../support/channel-players.ts';
import { digest } from '../../support/digests.ts';
import { startExim, whyNoExim } from '../../support/exim.ts';

const never = new AbortController().signal;
const why = whyNoExim === null ? '' : ` (skipped: ${whyNoExim})`;

describe.skipIf(whyNoExim !== null)(`an e-mail to Debian's exim4${why}`, () => {
  const email = {
    smtpHost: '127.0.0.1',
    from: 'Projetus <alerts@example.org>',
    to: ['ana@example.org'],
    user: 'ana',
    pass: 'pass word',
    secure: 'auto',
  } as const;

  it('is taken after STARTTLS and a login', async () => {
    await using exim = await startExim(email.pass);
    const { answer } = await openChannel({ email: { ...email, smtpPort: exim.port } }).send(digest, never);
    expect(answer).toMatch(/^250 OK id=/);
    const [mail, ...others] = await exim.taken();
    expect(others).toEqual([]);
    expect(mail).toMatch(/-tls_cipher TLS1\.3/);
    expect(mail).toMatch(/--auth_id ana/);
    expect(mail).toMatch(/Message-ID: <projetus\.[0-9a-f]{32}@example\.org>/);
  });

  it('is refused without the password', async () => {
    await using exim = await startExim(email.pass);
    const send = (pass: string | null) => openChannel({ email: { ...email, pass, smtpPort: exim.port } }).send(digest, never);
    await expect(send('wrong')).rejects.toMatchObject({ isPermanent: true, message: expect.stringMatching(/ 535 /) as string });
    await expect(send(null)).rejects.toMatchObject({
      isPermanent: true,
      message: expect.stringMatching(/ 550 log in/) as string,
    });
  });
});
