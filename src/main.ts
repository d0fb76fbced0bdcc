import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { runProgram } from './cli/program.ts';
import { ProjetusError } from './core/errors.ts';
import { exitCodes } from './core/exit-codes.ts';

/** Gives the process to the program, and ends it: the only place that knows `process`. */
export async function main(process: NodeJS.Process): Promise<never> {
  const stdout = watch(process.stdout);
  const stderr = watch(process.stderr);
  const code = await runProgram({
    args: process.argv.slice(2),
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    nodeVersion: process.versions.node,
    clock: () => new Date(),
    random: () => randomBytes(3).toString('hex'),
    host: { pid: process.pid, hostname: hostname(), user: userName(process), isAlive: (pid) => isAlive(process, pid) },
    signal: interruptionOf(process),
  });
  const lost = await stdout.flushed();
  if (lost) process.stderr.write(`error [disk-full] The answer could not be written to stdout: ${lost.message}\n`);
  await stderr.flushed();
  // Not `exitCode`: PGlite that failed to open on a full disk keeps the event loop alive for ever (seen with 0.5.16).
  process.exit(lost && code === exitCodes.done ? exitCodes.unavailable : code);
}

/** Aborted by the first SIGINT or SIGTERM; a second one ends the process at once, as it would without us. */
function interruptionOf(process: NodeJS.Process): AbortSignal {
  const interruption = new AbortController();
  process.once('SIGINT', () =>
    interruption.abort(new ProjetusError('interrupted', 'Interrupted; nothing was published.', { hint: 'run it again' })),
  );
  process.once('SIGTERM', () =>
    interruption.abort(new ProjetusError('terminated', 'Terminated; nothing was published.', { hint: 'run it again' })),
  );
  return interruption.signal;
}

/** Without a listener an output that cannot be written would end the process in the middle of a run. */
function watch(stream: NodeJS.WriteStream): { flushed: () => Promise<Error | null> } {
  let lost: NodeJS.ErrnoException | null = null;
  stream.on('error', (error) => (lost ??= error));
  return {
    flushed: async () => {
      await new Promise<void>((resolve) => stream.write('', () => resolve()));
      // EPIPE: the reader had enough (`| head`), which is not our failure.
      return lost?.code === 'EPIPE' ? null : lost;
    },
  };
}

/** A container may run us under a number that has no name. */
function userName(process: NodeJS.Process): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}

function isAlive(process: NodeJS.Process, pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
