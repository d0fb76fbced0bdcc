import { expectedRuns } from '../../schedule/expected-runs.ts';
import type { Slot } from '../../schedule/slots.ts';
import { factsOf, type Check, type Seen } from '../check.ts';
import type { LoggedRun } from '../facts.ts';
import { judgedSlots, type JudgedSlots } from '../judged-slots.ts';
import { counted, duration, localTime } from '../wording.ts';

const name = 'schedule';

/** Whether the runs that were due took place, in time. What became of them is told by the checks of hanging and failed runs. */
export function checkSchedule(seen: Seen): Check | null {
  const facts = factsOf(seen);
  if (!facts) return null;
  if (facts.runs.length === 0)
    return { name, status: 'fail', message: 'no run was ever made; start projetus run, and let a cron start it every day' };
  const judged = judgedSlots(seen.config.extraction, facts, seen.now);
  const slot = judged.settled.at(-1);
  if (slot?.status === 'missed') return missed(seen, judged, slot);
  if (slot?.status === 'late') return late(seen, slot);
  const then = slot ? `the run due ${at(seen, slot.dueAt)} took place` : 'no run was due since the first one';
  return { name, status: 'ok', message: `${then}; ${upcoming(seen, judged)}` };
}

function missed(seen: Seen, { settled, open }: JudgedSlots, slot: Slot): Check {
  const met = settled.findLastIndex(({ status }) => status !== 'missed');
  const runs = settled.length - 1 - met;
  const more = runs > 1 ? `, nor for ${counted(runs - 1, 'slot')} before it` : '';
  const advice = open ? upcoming(seen, { settled, open }) : 'look at the cron and its log, then start projetus run';
  return { name, status: 'fail', message: `no run is recorded for ${at(seen, slot.dueAt)}${more}; ${advice}` };
}

/** The data are there, and tomorrow it may not start at all. */
function late(seen: Seen, slot: Slot<LoggedRun>): Check {
  const first = slot.runs[0]!.startedAt;
  const published = slot.runs.find(({ status }) => status === 'success' || status === 'unchanged')!.startedAt;
  const howLate = duration(published.getTime() - slot.dueAt.getTime());
  const how = first < published ? `was published only by a later try, after ${howLate}` : `started ${howLate} late`;
  return {
    name,
    status: 'warn',
    message: `the run due ${at(seen, slot.dueAt)} ${how}; look at the cron and at projetus runs list`,
  };
}

function upcoming(seen: Seen, { settled, open }: JudgedSlots): string {
  if (open?.status === 'pending') return `the one due ${at(seen, open.dueAt)} has not started yet`;
  if (open) return `the one due ${at(seen, open.dueAt)} is at work`;
  const ahead = new Date(seen.now.getTime() + 9 * 86_400_000);
  // A run of the small hours has done today's, which is still to come by the clock.
  const done = settled.at(-1)?.dueAt ?? seen.now;
  const next = expectedRuns(seen.config.extraction, seen.now, ahead).find((due) => due.at > done)!;
  return `the next is due ${at(seen, next.at)}`;
}

function at({ config }: Seen, moment: Date): string {
  return localTime(moment, config.extraction.timezone);
}
