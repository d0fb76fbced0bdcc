import { describe, expect, it } from 'vitest';
import { addressSecrets, safeLine } from '../../src/net/safe-line.ts';
import { formsOf } from '../support/channel-players.ts';

describe('a safe line', () => {
  it.each([
    { what: 'line breaks and control characters', text: 'a\r\nb\u0000\u001B[2Jc\u2028d', line: 'a b [2Jc d' },
    { what: 'text that turns its direction', text: 'a\u202Eb', line: 'a b' },
    { what: 'half an emoji', text: 'a\uD83D', line: 'a\uFFFD' },
    { what: 'a long text', text: 'é'.repeat(300), line: `${'é'.repeat(199)}…` },
    { what: 'nothing', text: '', line: '' },
  ])('is one short line: $what', ({ text, line }) => {
    expect(safeLine(text, [])).toBe(line);
  });

  const secrets = ['123456:AAF-x_y', 'p@ss word+/=é', 'a"b\\c.*', 'abcdefgh🔑'];
  it.each(secrets.flatMap((secret) => formsOf(secret).map((form) => ({ secret, form }))))(
    'hides $secret as $form',
    ({ secret, form }) => {
      expect(safeLine(`before ${form} after`, [secret])).toMatch(/^before (\*{3})+ after$/);
    },
  );

  it.each(
    secrets.flatMap((secret) => {
      const path = encodeURIComponent(secret);
      const json = JSON.stringify({ authorization: `Bearer ${secret}` });
      return [
        { secret, what: 'our path, percent-encoded once more', form: encodeURIComponent(path) },
        { secret, what: 'our path, percent-encoded twice more', form: encodeURIComponent(encodeURIComponent(path)) },
        { secret, what: 'base64 of a JSON of our headers', form: Buffer.from(json).toString('base64') },
        { secret, what: 'base64url of our path', form: Buffer.from(`xy${path}`).toString('base64url') },
      ];
    }),
  )('hides $secret in $what', ({ form }) => {
    expect(safeLine(`before ${form} after`, secrets)).toMatch(/^before (\*{3})+ after$/);
  });

  it('hides the longer of two secrets of which one begins with the other', () => {
    expect(safeLine('a secret-and-more b', ['secret', 'secret-and-more'])).toBe('a *** b');
  });

  it('takes no time over a long run of letters', () => {
    const startedAt = performance.now();
    safeLine('A'.repeat(1_000_000), ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB', 'secret']);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('the secrets of an address', () => {
  it.each([
    { address: 'https://hooks.example.org/services/T0000000/B0000000/abcdefghijkl', hidden: ['abcdefghijkl', 'T0000000'] },
    { address: 'https://example.org/v1/in?key=abcdefgh%2Fij', hidden: ['abcdefgh/ij', 'abcdefgh%2Fij'] },
    { address: 'https://ana:p%40ssword@example.org/', hidden: ['p@ssword', 'p%40ssword', 'YW5hOnBAc3N3b3Jk'] },
    { address: 'https://abcdefgh.example.org/', hidden: ['abcdefgh.example.org'] },
    { address: 'not an address', hidden: ['not an address'] },
  ])('of $address', ({ address, hidden }) => {
    for (const secret of [address, ...hidden]) expect(safeLine(`a ${secret} b`, addressSecrets(address))).toBe('a *** b');
    expect(safeLine('answered 404: no such service v1', addressSecrets(address))).toBe('answered 404: no such service v1');
  });
});
