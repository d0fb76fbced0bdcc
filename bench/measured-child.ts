import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Usage } from './usage-on-exit.ts';

export type Measured = {
  readonly wallSeconds: number;
  /** Of the child at its end; null for a program that is not Node's. */
  readonly usage: Usage | null;
  readonly stdout: string;
};

/** Runs a script with Node and measures the whole process, start-up included. Throws unless it ends with 0. */
export async function measureNode(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'projetus-usage-'));
  const usageFile = join(folder, 'usage.json');
  try {
    const preload = ['--import', join(import.meta.dirname, 'usage-on-exit.ts')];
    const measured = await measure(process.execPath, [...preload, script, ...args], { ...env, BENCH_USAGE_FILE: usageFile });
    return { ...measured, usage: JSON.parse(await readFile(usageFile, 'utf8')) as Usage };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs any program. Throws unless it ends with 0. */
export async function measure(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Measured> {
  const start = performance.now();
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const wallSeconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stdout}`);
  return { wallSeconds, usage: null, stdout };
}
