import { phases } from './aim.ts';
import { seeded, soak, tallyText } from './soak.ts';

/** The long form: `npm run soak [-- SEED]`. A thousand kills take about twenty minutes. */
const plan = { kill: 1_000, cut: 120, terminate: 72, timeout: 120, crash: 72 };
const leastKillsPerPhase = 10;

const seed = Number(process.argv[2] ?? Date.now() % 1_000_000);
console.log(`seed ${seed}`);
const tally = await soak(plan, seeded(seed), (line) => console.log(line));
console.log(tallyText(tally));
const isThorough = phases.every((phase) => tally.hits.kill[phase] >= leastKillsPerPhase);
if (!isThorough) console.log(`some phase was hit by fewer than ${leastKillsPerPhase} kills`);
process.exitCode = tally.failures.length === 0 && isThorough ? 0 : 1;
