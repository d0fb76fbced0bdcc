import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { benchDatabase, renewDatabase } from '../measure/server.ts';
import { median, reportTable, seconds } from '../report/report-table.ts';
import type { SectionResult, Setting } from '../section.ts';

const root = join(import.meta.dirname, '../..');

/** They are short: more of them than of the others. */
const roundsFactor = 3;

type Command = {
  readonly name: string;
  readonly args: readonly string[];
  /** The sample files are of one day, so that health has something to say about the days since. */
  readonly codes: readonly number[];
};

/**
 * How long a process takes from its start to its end when it has little to do, beside `node -e 0`: the shipped
 * configuration and its samples, on PostgreSQL. All in turn in each round, so that a noisy minute hits all of them.
 */
export async function startup({ cluster, program, rounds }: Setting): Promise<SectionResult> {
  await renewDatabase(cluster);
  const folder = await mkdtemp(join(tmpdir(), 'projetus-startup-'));
  try {
    const env = { PATH: process.env['PATH'], HOME: folder, DATABASE_URL: cluster.url(benchDatabase) };
    for (const name of ['config.yaml', 'data/raw']) await cp(join(root, name), join(folder, name), { recursive: true });
    const run = (command: Command) => wallSeconds(command, folder, env);
    const commands = commandsOf(program);
    for (const command of [firstRun(program), ...commands]) run(command);
    const samples = Array.from({ length: rounds * roundsFactor }, () => commands.map(run));
    const wall = (name: string) => median(samples.map((round) => round[commands.findIndex((command) => command.name === name)]!));
    return {
      title: 'Start-up',
      markdown: `The shipped configuration and its samples, on a warm machine; ${samples.length} rounds.\n\n${table(commands, samples)}`,
      findings: [
        { limit: 'help', value: wall('--help') },
        { limit: 'health', value: wall('health') },
      ],
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function firstRun(program: string): Command {
  return { name: 'first load', args: [program, 'run', '--yes'], codes: [0] };
}

function commandsOf(program: string): readonly Command[] {
  return [
    { name: 'node -e 0', args: ['-e', '0'], codes: [0] },
    { name: '--version', args: [program, '--version'], codes: [0] },
    { name: '--help', args: [program, '--help'], codes: [0] },
    { name: 'health', args: [program, 'health'], codes: [0, 3, 6] },
    { name: 'run, files unchanged', args: [program, 'run'], codes: [0] },
  ];
}

function wallSeconds({ name, args, codes }: Command, cwd: string, env: NodeJS.ProcessEnv): number {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  const wall = (performance.now() - start) / 1000;
  if (status === null || !codes.includes(status)) throw new Error(`${name} ended with ${status}:\n${stdout}${stderr}`);
  return wall;
}

function table(commands: readonly Command[], samples: readonly (readonly number[])[]): string {
  const walls = commands.map((_, index) => samples.map((round) => round[index]!));
  const nothing = median(walls[0]!);
  const rows = commands.map(({ name }, index) => {
    const wall = median(walls[index]!);
    return [`\`${name}\``, seconds(wall), seconds(Math.min(...walls[index]!)), (wall / nothing).toFixed(1)];
  });
  return reportTable(['command', 'median s', 'fastest s', 'x node -e 0'], rows);
}
