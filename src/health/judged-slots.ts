import type { Schedule } from '../schedule/expected-runs.ts';
import { slots, type Slot } from '../schedule/slots.ts';
import type { Facts, LoggedRun } from './facts.ts';

/** Two slots at least of any schedule; what is older is of no interest this morning. */
const lookBackMs = 15 * 86_400_000;

export type JudgedSlots = {
  /** Whose fate is known, newest last. None was due before the first run of the log. */
  readonly settled: readonly Slot<LoggedRun>[];
  /** The newest, while its run is at work or may still start. */
  readonly open: Slot<LoggedRun> | null;
};

export function judgedSlots(schedule: Schedule, { runs }: Facts, now: Date): JudgedSlots {
  const first = runs[0]?.startedAt ?? now;
  const all = slots(schedule, runs, new Date(Math.max(first.getTime(), now.getTime() - lookBackMs)), now);
  const isOpen = ({ status }: Slot) => status === 'pending' || status === 'running' || status === 'hanging';
  const last = all.at(-1);
  return { settled: all.filter((slot) => !isOpen(slot)), open: last && isOpen(last) ? last : null };
}

/** Whether the data of the newest day whose fate is known are in the tables. */
export function isDayThere({ settled }: JudgedSlots): boolean {
  const status = settled.at(-1)?.status;
  return status === 'done' || status === 'late';
}
