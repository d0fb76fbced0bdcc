import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

/** What a process used from its start to its end. */
export type Usage = { readonly cpuSeconds: number; readonly peakRssBytes: number };

export type Measured = {
  readonly wallSeconds: number;
  /** Of the child at its end; null for a program that is not Node's. */
  readonly usage: Usage | null;
  readonly stdout: string;
};

export type NodeCall = {
  readonly script: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** For Node itself, such as `--max-old-space-size=256`. */
  readonly nodeFlags?: readonly string[];
};

/** Runs a script with Node and measures the whole process, start-up included. Throws unless it ends with 0. */
export async function measureNode({ script, args, env, nodeFlags }: NodeCall): Promise<Measured & { readonly usage: Usage }> {
  const folder = await mkdtemp(join(tmpdir(), 'projetus-usage-'));
  const usageFile = join(folder, 'usage.json');
  try {
    const flags = [...(nodeFlags ?? []), '--require', join(import.meta.dirname, 'usage-on-exit.cjs')];
    const measured = await measure(process.execPath, [...flags, script, ...args], { ...env, BENCH_USAGE_FILE: usageFile });
    return { ...measured, usage: JSON.parse(await readFile(usageFile, 'utf8')) as Usage };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs any program. Throws unless it ends with 0. */
export async function measure(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Measured> {
  const start = performance.now();
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const wallSeconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return { wallSeconds, usage: null, stdout };
}
