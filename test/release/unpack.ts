import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../support/code-files.ts';

/** A folder of its own under the system's temporary one, gone at the end of `await using`. */
export async function temporaryFolder(name: string): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), `projetus-${name}-`));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The files that git knows or would add, as a clone has them, with the dependencies of this folder. */
export async function copyOfProject(folder: string): Promise<void> {
  for (const file of await projectFiles()) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(root, file), join(folder, file));
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
}

export async function projectFiles(): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root });
  return stdout.split('\0').filter((file) => file !== '');
}

/** Runs a program with the Node of these tests first on the PATH, and nothing of npm's own settings. */
export async function execute(command: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|PATH$|VITEST|NODE_)/i.test(name));
  return promisify(execFile)(command, [...args], {
    cwd,
    env: { ...Object.fromEntries(kept), PATH: path, ...env },
    maxBuffer: 16 * 1024 * 1024,
  });
}
