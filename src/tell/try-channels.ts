import type { Channel, Digest } from '../alert/channel.ts';
import { createFormat } from '../alert/format.ts';
import { textsOf, type Language } from '../alert/say.ts';
import { deadlineIn } from './deadline.ts';
import { deliver } from './deliver.ts';
import type { Outcome } from './outbox.ts';

export type TriedChannel = { readonly channel: string } & Pick<Outcome, 'status' | 'answer'>;

/** Somebody sits before the screen. */
const patienceMs = 15_000;

/** Sends a test message through each channel; nothing is remembered of it. */
export async function tryChannels(
  channels: readonly Channel[],
  about: { readonly language: Language; readonly timezone: string; readonly pipelineVersion: string; readonly now: Date },
): Promise<TriedChannel[]> {
  const digest = testDigest(about);
  return Promise.all(
    channels.map(async (channel) => {
      const { status, answer } = await deliver(channel, digest, deadlineIn(patienceMs));
      return { channel: channel.name, status, answer };
    }),
  );
}

function testDigest({ language, timezone, pipelineVersion, now }: Parameters<typeof tryChannels>[1]): Digest {
  const { frame } = textsOf(language);
  const at = createFormat(language, timezone).moment(now.toISOString());
  const { title, text } = frame.test;
  return {
    id: `test-${now.toISOString()}`,
    thread: null,
    severity: 'info',
    subject: `[projetus] ${title}`,
    items: [{ severity: 'info', code: 'test', dataset: null, isResolved: false, title, text, next: null }],
    footer: frame.footer({ run: null, day: null, version: pipelineVersion, at }),
  };
}
