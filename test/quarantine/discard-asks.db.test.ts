import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { configOf, csv, obras, story } from '../run/story.ts';

/** `projetus quarantine discard` on a terminal where somebody types `answer`. */
async function discardOnTerminal(folder: string, databaseUrl: string, answer: string, args: readonly string[] = []) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  let asked = '';
  stderr.on('data', (chunk: Buffer) => {
    asked += chunk.toString();
    if (chunk.toString().includes('[y/N]')) stdin.write(`${answer}\n`);
  });
  const code = await runProgram({
    args: ['--config', join(folder, 'config.yaml'), 'quarantine', 'discard', '--dataset', 'obras', ...args],
    env: { DATABASE_URL: databaseUrl },
    stdout: { write: () => true },
    stderr,
    stdin: stdin as unknown as NodeJS.ReadStream,
    nodeVersion: '24.0.0',
    clock: () => new Date(),
    random: () => 'abc',
    host: { pid: process.pid, hostname: 'test', user: 'test', isAlive: () => true },
    signal: new AbortController().signal,
  });
  return { code, asked };
}

describe('discard on a terminal', () => {
  it.each([
    { answer: 'y', args: [], code: 0, asks: true, status: 'discarded' },
    { answer: 'sim', args: [], code: 0, asks: true, status: 'discarded' },
    { answer: 'n', args: [], code: 2, asks: true, status: 'open' },
    { answer: '', args: [], code: 2, asks: true, status: 'open' },
    { answer: 'n', args: ['--yes'], code: 0, asks: false, status: 'discarded' },
    { answer: 'n', args: ['--code', 'enum'], code: 0, asks: false, status: 'open' },
  ])('asks how many, and takes "$answer" with $args for $status', async ({ answer, args, code, asks, status }) => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1;;', '2;b;x;;', '3;b;x;;'));
    const ended = await discardOnTerminal(days.project.folder, days.project.databaseUrl, answer, args);
    expect(ended.code).toBe(code);
    expect(ended.asked.includes('Discard 2 open rejects? [y/N]')).toBe(asks);
    expect((await days.quarantine()).map((reject) => reject['status'])).toEqual([status, status]);
  });
});
