import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { runProgram } from './cli/program.ts';
import { ProjetusError } from './core/errors.ts';
import type { ExitCode } from './core/exit-codes.ts';

/** Gives the process to the program: the only place that knows `process`. */
export async function main(process: NodeJS.Process): Promise<ExitCode> {
  const interruption = new AbortController();
  process.once('SIGINT', () =>
    interruption.abort(new ProjetusError('interrupted', 'Interrupted; nothing was published.', { hint: 'run it again' })),
  );
  process.once('SIGTERM', () =>
    interruption.abort(new ProjetusError('terminated', 'Terminated; nothing was published.', { hint: 'run it again' })),
  );
  return runProgram({
    args: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    clock: () => new Date(),
    random: () => randomBytes(3).toString('hex'),
    host: { pid: process.pid, hostname: hostname(), isAlive: (pid) => isAlive(process, pid) },
    signal: interruption.signal,
  });
}

function isAlive(process: NodeJS.Process, pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
