import { expect, it } from 'vitest';
import { phases } from './aim.ts';
import { seeded, soak, tallyText } from './soak.ts';

/** The short form of `npm run soak`: five of six kills aim at a phase, four at each of the six, and some come too late. */
const plan = { kill: 30, cut: 4, terminate: 4, timeout: 4, crash: 2 };

it('leaves the database as before or as after, whatever hits a run and whenever', { timeout: 600_000 }, async () => {
  const seed = Date.now() % 1_000_000;
  const tally = await soak(plan, seeded(seed), () => undefined);
  console.log(`seed ${seed}\n${tallyText(tally)}`);
  expect(tally.failures).toEqual([]);
  for (const phase of phases) expect({ phase, kills: tally.hits.kill[phase] >= 2 }).toEqual({ phase, kills: true });
});
