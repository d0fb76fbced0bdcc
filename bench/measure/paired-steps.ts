import { join } from 'node:path';
import { benchData } from '../make/bench-data.ts';
import { makeProject, propostas } from '../make/bench-project.ts';
import type { Setting } from '../section.ts';
import { expectedCounts, type Step } from '../steps.ts';
import { measureRun, type RunSample } from './projetus-run.ts';
import { assertSameAsReference, dropReference, loadReference } from './reference.ts';
import { benchDatabase, query, renewDatabase, type Sample } from './server.ts';

/** A run of ours and the L right before it, so that a noisy minute hits both. */
export type Pair = { readonly reference: Sample; readonly ours: RunSample };

/** One round in a new database: each step with an L of its own. The pairs are in the order of the steps. */
export async function pairedSteps(setting: Setting, rows: number, steps: readonly Step[]): Promise<Pair[]> {
  const { cluster } = setting;
  const clean = join(await benchData('days', rows), 'day1-clean.csv');
  await using project = await makeProject();
  await renewDatabase(cluster);
  const pairs: Pair[] = [];
  for (const step of steps) {
    await project.put(step.date, propostas.name, join(await benchData(step.data, rows), step.file));
    const reference = await loadReference(cluster, clean, propostas.columns);
    const expected = { [propostas.name]: expectedCounts(step, rows) };
    const ours = await measureRun(setting, { project, date: step.date, flags: step.flags, expected });
    if (step.changes === 'all') await assertSameAsReference(cluster, [propostas.name]);
    pairs.push({ reference, ours });
    await dropReference(cluster);
    // A day lies between two runs, in which autovacuum comes by.
    await query(cluster, benchDatabase, `VACUUM ANALYZE ${propostas.name}`);
  }
  return pairs;
}

/** Rounds of `pairedSteps`; a list of pairs for each step. */
export async function pairedRounds(setting: Setting, rows: number, steps: readonly Step[]): Promise<Pair[][]> {
  const samples: Pair[][] = steps.map(() => []);
  for (let round = 0; round < setting.rounds; round++) {
    const pairs = await pairedSteps(setting, rows, steps);
    pairs.forEach((pair, index) => samples[index]!.push(pair));
  }
  return samples;
}
