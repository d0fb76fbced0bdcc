import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withinTimeLimit } from '../../src/cli/time-limit.ts';

const limit = { text: '1m', ms: 60_000 };
const giveUp = (error: Error) => `given up: ${error.message}`;
const never = new AbortController().signal;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Work that ends only when it is told to. */
function untilTold(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(`told: ${(signal.reason as { code: string }).code}`));
  });
}

describe('a time limit', () => {
  it('tells work that takes longer to end', async () => {
    const ended = withinTimeLimit({ limit, signal: never, work: untilTold, giveUp });
    await vi.advanceTimersByTimeAsync(limit.ms);
    expect(await ended).toBe('told: run-timeout');
  });

  it('gives work up that does not end then, such as a read of a dead network drive', async () => {
    const work = () => new Promise<string>(() => undefined);
    const ended = withinTimeLimit({ limit, signal: never, work, giveUp });
    await vi.advanceTimersByTimeAsync(limit.ms + 30_000);
    expect(await ended).toMatch(/^given up: .* 1m \(--timeout\)/);
  });

  it('leaves the reason of a signal that comes first', async () => {
    const signal = AbortSignal.abort({ code: 'terminated' });
    const work = async (both: AbortSignal) => (both.reason as { code: string }).code;
    expect(await withinTimeLimit({ limit, signal, work, giveUp })).toBe('terminated');
  });

  it.each([
    ['ends', async () => 'done'],
    ['throws', () => Promise.reject(new Error('broken'))],
  ])('leaves no timer behind when work %s in time', async (_, work) => {
    await withinTimeLimit<string>({ limit, signal: never, work, giveUp }).catch(() => undefined);
    expect(vi.getTimerCount()).toBe(0);
  });
});
