import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { inTurn } from '../../src/core/in-turn.ts';

/** A read of one text after the other; a number is how long an error takes to come. */
function readOf(...answers: readonly (string | number)[]) {
  const left = [...answers];
  const calls = { pending: 0 };
  const read = async (buffer: Buffer) => {
    const answer = left.shift() ?? '';
    calls.pending++;
    await wait(typeof answer === 'number' ? answer : 1);
    calls.pending--;
    if (typeof answer === 'number') throw new Error('the disk failed');
    return { bytesRead: buffer.write(answer) };
  };
  return { read, calls };
}

it('gives what is read, in order, to the end', async () => {
  const texts: string[] = [];
  for await (const chunk of inTurn(readOf('ab', 'cd', 'e').read, 2)) texts.push(chunk.toString());
  expect(texts).toEqual(['ab', 'cd', 'e']);
});

it('throws a read that fails while the chunk before is at work, when its turn comes', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  const texts: string[] = [];
  const reading = (async () => {
    for await (const chunk of inTurn(readOf('ab', 2).read, 2)) {
      texts.push(chunk.toString());
      await wait(30);
    }
  })();
  await expect(reading).rejects.toThrow('the disk failed');
  expect(texts).toEqual(['ab']);
  expect(unhandled).toEqual([]);
});

it('leaves no read on its way when it is left early', async () => {
  const { read, calls } = readOf('ab', 20);
  for await (const _chunk of inTurn(read, 2)) break;
  expect(calls.pending).toBe(0);
});
