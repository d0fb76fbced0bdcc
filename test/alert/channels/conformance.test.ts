import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { DeliveryError, type Channel, type Digest, type DigestItem } from '../../../src/alert/channel.ts';
import { formsOf, players, type Fault } from '../../support/channel-players.ts';
import { digest, item } from '../../support/digests.ts';

const never = new AbortController().signal;
/** Long enough for an answer on a busy machine. */
const hangMs = 800;

describe.each(Object.entries(players))('the channel %s', (name, play) => {
  it('delivers the items, the footer and what the provider answered', async () => {
    await using player = await play();
    const { answer } = await player.channel.send(digest, never);
    const [seen, ...others] = player.seen();
    expect(others).toEqual([]);
    expect(seen!.subject).toContain(digest.subject);
    for (const { title, text, next, code } of digest.items) {
      for (const part of [title, ...text.split('\n'), next ?? '', code]) expect(seen!.text).toContain(part);
    }
    expect(seen!.text).toContain(digest.footer);
    expect(player.channel.name).toBe(name);
    expect(answer).toMatch(/^2\d\d \S/);
  });

  it.skipIf(name === 'webhook')(
    'marks each item by its severity, what is over in green, and the subject as the worst',
    async () => {
      await using player = await play();
      await player.channel.send(digest, never);
      const marked = ['🔴 obras: nada', '🟠 obras: 45 %', '🔵 Carga feita', '🟢 Resolvido:'];
      for (const line of marked) expect(player.seen()[0]!.text).toContain(line);
      expect(player.seen()[0]!.subject).toMatch(/^🔴 projetus: /);
      await player.channel.send({ ...digest, id: 'b', items: digest.items.filter(({ isResolved }) => isResolved) }, never);
      expect(player.seen()[1]!.subject).toMatch(/^🟢 projetus: /);
    },
  );

  const passing: readonly Fault[] = ['too many requests', 'broken', 'hang', 'reset'];
  it.each(passing)('says that another try may help: %s', async (fault) => {
    await using player = await play(fault === 'hang' ? hangMs : undefined);
    player.fail(fault);
    const error = await failureOf(player.channel);
    expect(error).toMatchObject({ isPermanent: false });
    expect(error.retryAfterMs).toBe(fault === 'too many requests' && name !== 'email' ? 7000 : null);
    expect(error.message).toMatch(new RegExp(`^${name}`));
    await player.channel.send(digest, never);
    expect(player.seen().at(-1)!.text).toContain(digest.footer);
  });

  const permanent: readonly Fault[] = ['wrong credentials', 'forbidden', 'not found'];
  it.each(permanent)('says that another try will not help: %s', async (fault) => {
    await using player = await play();
    player.fail(fault);
    const error = await failureOf(player.channel);
    expect(error).toMatchObject({ isPermanent: true, retryAfterMs: null });
    expect(error.message).toMatch(/ (answered )?\d\d\d\b/);
  });

  it('says that there is nobody to connect to', async () => {
    const player = await play();
    await player[Symbol.asyncDispose]();
    const error = await failureOf(player.channel);
    expect(error).toMatchObject({ isPermanent: false });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it.each<Fault>([
    'a no that echoes the request',
    'a yes that echoes the request',
    'hang',
    'reset',
    'broken',
    'wrong credentials',
  ])('shows no secret: %s', async (fault) => {
    await using player = await play(fault === 'hang' ? hangMs : undefined);
    player.fail(fault);
    const outcome: unknown = await player.channel.send(digest, never).catch((error: unknown) => error);
    const shown = [inspect(outcome, { depth: 20, showHidden: true }), String(outcome), JSON.stringify(outcome)].join('\n');
    for (const form of player.secrets.flatMap(formsOf)) expect(shown).not.toContain(form);
    expect(shown).not.toContain('c4nary');
    expect(shown).not.toMatch(/https?:\/\/127/);
    expect(shownLine(outcome)).toMatch(/^[^\p{Cc}]{1,200}$/u);
  });

  it('ends at once when it is aborted, and leaves no connection', async () => {
    await using player = await play(60_000);
    for (const fault of ['hang', 'reset'] as const) player.fail(fault);
    const abort = new AbortController();
    const sending = player.channel.send(digest, abort.signal).catch((error: unknown) => error);
    await until(() => player.connections() > 0);
    const abortedAt = performance.now();
    abort.abort(new Error('time is up'));
    expect(await sending).toMatchObject({ name: 'DeliveryError', isPermanent: false, message: `${name}: interrupted` });
    expect(performance.now() - abortedAt).toBeLessThan(5_000);
    await until(() => player.connections() === 0);
  });

  it('sends nothing when it is aborted before', async () => {
    await using player = await play();
    const sending = player.channel.send(digest, AbortSignal.abort());
    await expect(sending).rejects.toThrow(DeliveryError);
    expect(player.seen()).toEqual([]);
  });

  const hostile: readonly { readonly what: string; readonly text: string; readonly shown: string }[] = [
    { what: 'HTML', text: '<script>alert(1)</script><b>x</b> & <', shown: '<script>alert(1)</script><b>x</b> & <' },
    { what: 'an HTML entity', text: 'a &lt;b&gt; &amp; c', shown: 'a &lt;b&gt; &amp; c' },
    { what: 'markdown', text: '*a* _b_ [c](http://d) `e` \\', shown: '*a* _b_ [c](http://d) `e` \\' },
    { what: 'a header', text: 'a\r\nBcc: eve@example.org\r\n\r\nb', shown: 'Bcc: eve@example.org' },
    { what: 'the end of a mail', text: 'a\r\n.\r\nQUIT\r\n', shown: 'QUIT' },
    { what: 'control characters', text: 'a\u0000\u0007\u001B[31mb\u202Ec\u009F', shown: 'a[31mbc' },
    { what: 'half an emoji', text: 'a\uD83D b', shown: 'a\uFFFD b' },
    { what: 'a line of dots', text: '.\n..', shown: '..' },
  ];
  it.each(hostile)('lets $what arrive as text', async ({ text, shown }) => {
    await using player = await play();
    const fields: Partial<DigestItem> = { title: text, text, next: text, code: text };
    await player.channel.send({ ...digest, subject: text, footer: text, items: [{ ...item, ...fields }] }, never);
    const [seen] = player.seen();
    expect(seen!.text.split(shown).length - 1).toBeGreaterThanOrEqual(3);
    expect(seen!.subject).not.toContain('\n');
    expect(seen!.html).not.toMatch(/<script|script>/);
  });

  it.each([
    { what: '100 items', items: manyItems(100, 40) },
    { what: '100 items of 1 MB', items: manyItems(100, 1_000_000) },
    { what: 'one item of 1 MB', items: manyItems(1, 1_000_000) },
    { what: 'no item', items: [] },
  ])('bounds $what, and counts what is left out', async ({ items }) => {
    await using player = await play();
    await player.channel.send({ ...digest, items }, never);
    const all = player.seen().map(({ text }) => text);
    const numbers = all.join('\n').match(/Item \d+:/g) ?? [];
    const left = Number(/… \+(\d+)/.exec(all.at(-1)!)?.[1] ?? 0);
    expect(all.length).toBeLessThanOrEqual(6);
    expect(all.join('').length).toBeLessThan(20_000);
    expect(numbers.length + left).toBe(items.length);
    expect(all.at(-1)).toContain(digest.footer);
  });
});

function manyItems(count: number, length: number): Digest['items'] {
  return Array.from({ length: count }, (_, index) => ({
    ...item,
    title: `Item ${index + 1}: x`,
    text: '🐘é<'.repeat(length / 4),
  }));
}

async function failureOf(channel: Channel): Promise<DeliveryError> {
  const outcome: unknown = await channel.send(digest, never).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(DeliveryError);
  return outcome as DeliveryError;
}

function shownLine(outcome: unknown): string {
  return outcome instanceof Error ? outcome.message : (outcome as { answer: string }).answer;
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('it did not become so within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
