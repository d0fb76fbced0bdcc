import type { BenchProject } from '../make/bench-project.ts';
import type { Setting } from '../section.ts';
import { assertCounts, type Counts } from '../steps.ts';
import { measureNode, type Measured } from './measured-child.ts';
import { benchDatabase, sampled, type Sample } from './server.ts';

export type RunJob = {
  readonly project: BenchProject;
  readonly date: string;
  readonly flags?: readonly string[];
  readonly nodeFlags?: readonly string[];
  readonly databaseUrl?: string;
  /** By dataset; a run with other counts throws. */
  readonly expected: Readonly<Record<string, Counts>>;
};

export type RunSample = Sample & { readonly usage: NonNullable<Measured['usage']> };

/** `projetus run`, the whole process. */
export async function measureRun({ cluster, program }: Setting, job: RunJob): Promise<RunSample> {
  const args = ['run', '--yes', '--json', '--config', job.project.config, '--date', job.date, ...(job.flags ?? [])];
  const env = { DATABASE_URL: job.databaseUrl ?? cluster.url(benchDatabase) };
  const call = { script: program, args, env, nodeFlags: job.nodeFlags ?? [] };
  const sample = await sampled(cluster, () => measureNode(call));
  assertCounts(sample.stdout, job.expected);
  return sample;
}
