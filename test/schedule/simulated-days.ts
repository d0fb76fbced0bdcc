import { dayIn } from '../../src/core/business-date.ts';
import type { ScheduledRun, SlotStatus } from '../../src/schedule/slots.ts';

type Ended = Exclude<ScheduledRun['status'], 'running'>;

/** A run of the simulation; `endsAt` is when the log learns how it ended, at first never for one that died. */
type SimulatedRun = { readonly startsAt: number; endsAt: number; readonly ended: Ended; businessDate: string };

/** From a moment on a slot has a status. Written down with the day's fate, not computed from the runs. */
export type Turn = readonly [at: number, status: SlotStatus];

type SimulatedSlot = {
  readonly dueAt: number;
  readonly fate: Fate;
  readonly runs: SimulatedRun[];
  readonly turns: Turn[];
};

const minute = 60_000;
/** The graces of `oracleCases`. A moment after the grace is one millisecond later. */
const [startGrace, finishGrace] = [60 * minute, 120 * minute];

const fates = ['done', 'done', 'early', 'late', 'missed', 'failed', 'held', 'dead', 'slow', 'recovered', 'again'] as const;
type Fate = (typeof fates)[number];

/** What became of each due run, at random. A run that died is found dead by the next one, as `run` does. */
export function simulate(due: readonly Date[], timezone: string, seed: number): readonly SimulatedSlot[] {
  const random = generator(seed);
  // A run that comes before its time on the day before is not one of that day: 00:05 has no room for being early.
  const canBeEarly = (d: number) => dayIn(timezone, new Date(d - 5 * minute)) === dayIn(timezone, new Date(d));
  const between = (low: number, high: number) => Math.round((low + random() * (high - low)) * minute);
  const days = due.map((moment) => {
    const fate = fates[Math.floor(random() * fates.length)]!;
    return slotOf(moment.getTime(), fate === 'early' && !canBeEarly(moment.getTime()) ? 'done' : fate, between);
  });
  const runs = days.flatMap((day) => day.runs);
  for (const run of runs) run.businessDate = dayIn(timezone, new Date(run.startsAt));
  for (const day of days.filter(({ fate }) => fate === 'dead')) {
    const dead = day.runs[0]!;
    const next = runs.find(({ startsAt }) => startsAt > dead.startsAt);
    if (!next) continue;
    dead.endsAt = next.startsAt;
    day.turns.push([next.startsAt, 'failed']);
  }
  return days;
}

function slotOf(d: number, fate: Fate, between: (low: number, high: number) => number): SimulatedSlot {
  const start = d + (fate === 'early' ? -between(1, 5) : fate === 'late' ? between(61, 400) : between(0, 60));
  const end = start + between(1, 100);
  const published = start % (2 * minute) === 0 ? 'success' : 'unchanged';
  const slowEnd = start + finishGrace + between(1, 200);
  const second = end + between(100, 200);
  const make = (startsAt: number, endsAt: number, ended: Ended) => ({ startsAt, endsAt, ended, businessDate: '' });
  const hangs: Turn = [start + finishGrace + 1, 'hanging'];
  const missed: Turn = [d + startGrace + 1, 'missed'];
  const runs: Record<Fate, SimulatedRun[]> = {
    done: [make(start, end, published)],
    early: [make(start, end, published)],
    late: [make(start, end, published)],
    missed: [],
    failed: [make(start, end, 'failed')],
    held: [make(start, end, 'held')],
    dead: [make(start, Infinity, 'aborted')],
    slow: [make(start, slowEnd, 'success')],
    recovered: [make(start, end, 'failed'), make(second, second + minute, 'success')],
    again: [make(start, end, published), make(second, second + minute, 'failed')],
  };
  const begins: Turn[] = [[start, 'running']];
  const turns: Record<Fate, Turn[]> = {
    done: [...begins, [end, 'done']],
    early: [...begins, [end, 'done']],
    late: [missed, ...begins, [end, 'late']],
    missed: [missed],
    failed: [...begins, [end, 'failed']],
    held: [...begins, [end, 'held']],
    dead: [...begins, hangs],
    slow: [...begins, hangs, [slowEnd, 'done']],
    recovered: [...begins, [end, 'failed'], [second, 'running'], [second + minute, 'late']],
    again: [...begins, [end, 'done']],
  };
  return { dueAt: d, fate, runs: runs[fate], turns: fate === 'early' ? turns.early : [[d, 'pending'], ...turns[fate]] };
}

/** What the run log holds at a moment. */
export function logAt(days: readonly SimulatedSlot[], now: number): ScheduledRun[] {
  return days
    .flatMap((day) => day.runs)
    .filter(({ startsAt }) => startsAt <= now)
    .map(({ startsAt, endsAt, ended, businessDate }) => ({
      startedAt: new Date(startsAt),
      status: endsAt <= now ? ended : 'running',
      businessDate,
    }));
}

/** What is true of a slot at a moment; null when it is not due yet and has no run. */
export function truth({ turns }: SimulatedSlot, now: number): SlotStatus | null {
  return turns.findLast(([at]) => at <= now)?.[1] ?? null;
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
