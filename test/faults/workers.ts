import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RunReport } from '../../src/core/report.ts';
import type { Asked } from './job.ts';

export type Worker = {
  /** Runs, and resolves with the report when the process is gone: null when it was killed before it had one. */
  readonly run: (asked: Asked) => Promise<RunReport | null>;
  readonly kill: () => void;
};

/** A run that hangs is a failure to be seen. */
const longestMs = 60_000;

/** Processes that have started already: the half second that this takes would be most of a trial. */
export function openWorkers(
  spares: number,
  cacheFolder: string,
): { readonly take: () => Promise<Worker>; readonly close: () => void } {
  const ready = Array.from({ length: spares }, () => startWorker(cacheFolder));
  return {
    take: () => {
      ready.push(startWorker(cacheFolder));
      return ready.shift()!;
    },
    close: () => ready.forEach((worker) => void worker.then(({ kill }) => kill())),
  };
}

async function startWorker(cacheFolder: string): Promise<Worker> {
  const child = fork(join(import.meta.dirname, 'worker.ts'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    // Compiled code is kept from one process to the next: 240 ms of start instead of 450.
    env: { ...process.env, NODE_COMPILE_CACHE: cacheFolder },
  });
  await once(child, 'message');
  return { run: (asked) => runIn(child, asked), kill: () => child.kill('SIGKILL') };
}

async function runIn(child: ChildProcess, asked: Asked): Promise<RunReport | null> {
  let report: RunReport | null = null;
  child.once('message', (message) => (report = message as RunReport));
  const hanging = setTimeout(() => child.kill('SIGABRT'), longestMs);
  const gone = once(child, 'exit') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  child.send(asked);
  const [code, signal] = await gone;
  clearTimeout(hanging);
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the run crashed or hung: exit code ${code}, signal ${signal}`);
  return report;
}
