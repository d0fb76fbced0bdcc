import { phases, type Aim, type Phase } from './aim.ts';
import { openStage, type Stage } from './stage.ts';
import { faults, runTrial, type Fault, type Outcome, type Trial } from './trial.ts';
import { openWorkers } from './workers.ts';

/** How many trials of each fault. */
export type Plan = Readonly<Record<Fault, number>>;

/** Where the faults hit, how the trials ended, and what was not as it must be. */
export type Tally = {
  readonly hits: Readonly<Record<Fault, Record<Phase, number>>>;
  readonly ends: Record<'before' | 'after', number>;
  readonly failures: string[];
  trials: number;
  longestLockMs: number;
};

/** Trials wait more than they work. */
const atOnce = 3;

/** How many messages a phase has at least in these days: what is aimed at must be there. */
const messagesIn: Readonly<Record<Phase, number>> = { before: 40, copy: 12, classify: 24, publish: 24, commit: 2, after: 1 };

/** A run takes a third of a second; the last of these moments come after its end. */
const longestRunMs = 500;

/** Lets faults hit runs until the plan is done. `random` gives numbers from 0 to 1; `say` is told of every failure. */
export async function soak(plan: Plan, random: () => number, say: (line: string) => void): Promise<Tally> {
  await using stage = await openStage();
  const trials = trialsOf(plan, random);
  const tally = emptyTally();
  // A crash ends the server for all.
  await work(
    stage,
    trials.filter(({ fault }) => fault !== 'crash'),
    atOnce,
    tally,
    say,
  );
  await work(
    stage,
    trials.filter(({ fault }) => fault === 'crash'),
    1,
    tally,
    say,
  );
  return tally;
}

/** Five of six aim at a phase, each in its turn; the others hit at any time. */
function trialsOf(plan: Plan, random: () => number): Trial[] {
  return faults.flatMap((fault) =>
    Array.from({ length: plan[fault] }, (_, index) => {
      const phase = index % 6 === 5 ? null : phases[(index - Math.trunc(index / 6)) % phases.length]!;
      const aim: Aim = phase
        ? { phase, message: Math.trunc(random() * messagesIn[phase]) }
        : { afterMs: random() * longestRunMs };
      return { fault, aim, keep: (fault === 'kill' || fault === 'cut') && random() < 0.5 };
    }),
  );
}

async function work(
  stage: Stage,
  trials: readonly Trial[],
  hands: number,
  tally: Tally,
  say: (line: string) => void,
): Promise<void> {
  const left = [...trials];
  const workers = openWorkers(hands, stage.cacheFolder);
  const hand = async () => {
    for (let trial = left.shift(); trial; trial = left.shift()) {
      try {
        note(tally, trial, await runTrial(stage, await workers.take(), trial));
      } catch (error) {
        const failure = `${JSON.stringify(trial)}: ${error instanceof Error ? error.message : String(error)}`;
        tally.failures.push(failure);
        say(failure);
      }
      tally.trials++;
      if (tally.trials % 100 === 0) say(`${tally.trials} trials`);
    }
  };
  await Promise.all(Array.from({ length: hands }, hand));
  workers.close();
}

function note(tally: Tally, { fault }: Trial, { phase, state, lockedMs }: Outcome): void {
  tally.ends[state]++;
  if (phase === null) return;
  tally.hits[fault][phase]++;
  tally.longestLockMs = Math.max(tally.longestLockMs, lockedMs);
}

function emptyTally(): Tally {
  const perPhase = () => Object.fromEntries(phases.map((phase) => [phase, 0])) as Record<Phase, number>;
  const hits = Object.fromEntries(faults.map((fault) => [fault, perPhase()])) as Record<Fault, Record<Phase, number>>;
  return { hits, ends: { before: 0, after: 0 }, failures: [], trials: 0, longestLockMs: 0 };
}

/** The tally as a table. */
export function tallyText({ hits, ends, failures, trials, longestLockMs }: Tally): string {
  const row = (cells: readonly (string | number)[]) => cells.map((cell) => String(cell).padStart(10)).join('');
  const lines = faults.map((fault) => row([fault, ...phases.map((phase) => hits[fault][phase])]));
  return [
    row(['fault', ...phases]),
    ...lines,
    `${trials} trials: ${ends.before} ended as before, ${ends.after} as after, ${failures.length} failed; the last lock was free ${Math.round(longestLockMs)} ms after its fault at the latest`,
  ].join('\n');
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
