import { runProgram } from '../../src/cli/program.ts';
import type { ExitCode } from '../../src/core/exit-codes.ts';
import type { Project } from './project.ts';

/** How a command ended, and what it said. */
export type Said = { readonly code: ExitCode; readonly stdout: string; readonly stderr: string };

/** `projetus LINE` in this process, at `now`, on a project: for what needs no process of its own. */
export async function projetus(project: Project, line: string, now = '2026-11-01T14:00:00Z'): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const code = await runProgram({
    args: [...line.split(' '), '--config', `${project.folder}/config.yaml`],
    env: { DATABASE_URL: project.databaseUrl },
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
    stdin: process.stdin,
    nodeVersion: '24.0.0',
    clock: () => new Date(now),
    random: () => 'abcdef',
    host: { pid: process.pid, hostname: 'test', user: 'test', isAlive: () => true },
    signal: new AbortController().signal,
  });
  return { code, ...said };
}
