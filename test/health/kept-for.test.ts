import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { keptFor } from '../../src/health/kept-for.ts';

describe('a kept answer', () => {
  it('is computed once for all who ask meanwhile, and again when it is old', async () => {
    let computed = 0;
    const ask = keptFor(100, async () => {
      await sleep(20);
      return ++computed;
    });
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    expect(await ask()).toBe(1);
    await sleep(150);
    expect(await ask()).toBe(2);
  });

  it('is not kept when it is a failure', async () => {
    let computed = 0;
    const ask = keptFor(10_000, async () => {
      if (++computed === 1) throw new Error('no');
      return computed;
    });
    await expect(ask()).rejects.toThrow('no');
    expect(await ask()).toBe(2);
  });
});
