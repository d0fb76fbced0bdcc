import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError, type Channel, type Digest } from '../alert/channel.ts';
import type { Deadline } from './deadline.ts';
import type { Outcome } from './outbox.ts';

/** Before the second try; doubled before each further one. */
const firstWaitMs = 1_000;

/**
 * Sends a digest, again and again while it may help and there is time. Never throws: what could not be sent stays
 * `pending`, and what the provider refuses for good is `failed`.
 */
export async function deliver(channel: Channel, digest: Digest, deadline: Deadline): Promise<Outcome> {
  let answer = 'there was no time left to try';
  for (let attempts = 1; deadline.remainingMs() > 0; attempts++) {
    try {
      return { status: 'sent', attempts, answer: (await channel.send(digest, deadline.signal)).answer };
    } catch (error) {
      // Anything else is a bug of the channel, and its message may hold a secret.
      const problem = error instanceof DeliveryError ? error : new DeliveryError('an unexpected error');
      answer = problem.message;
      if (problem.isPermanent) return { status: 'failed', attempts, answer };
      const waitMs = problem.retryAfterMs ?? firstWaitMs * 2 ** (attempts - 1);
      if (waitMs >= deadline.remainingMs()) return { status: 'pending', attempts, answer };
      await sleep(waitMs);
    }
  }
  return { status: 'pending', attempts: 0, answer };
}
