import { expect, it } from 'vitest';
import { phases } from './aim.ts';
import { seeded, soak, tallyText } from './soak.ts';

/** The short form of `npm run soak`. */
const plan = { kill: 42, cut: 6, terminate: 6, timeout: 6, crash: 3 };

it('leaves the database as before or as after, whatever hits a run and whenever', { timeout: 600_000 }, async () => {
  const seed = Date.now() % 1_000_000;
  const tally = await soak(plan, seeded(seed), () => undefined);
  console.log(`seed ${seed}\n${tallyText(tally)}`);
  expect(tally.failures).toEqual([]);
  for (const phase of phases) expect({ phase, kills: tally.hits.kill[phase] >= 3 }).toEqual({ phase, kills: true });
});
