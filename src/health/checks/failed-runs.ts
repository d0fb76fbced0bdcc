import { isPublished } from '../../schedule/slots.ts';
import { factsOf, type Check, type Seen } from '../check.ts';
import type { LoggedRun } from '../facts.ts';
import { isDayThere, judgedSlots } from '../judged-slots.ts';
import { counted } from '../wording.ts';

/**
 * One failure is one too many while the day's data are not there. A run that fails after another one has published the
 * day does not take them away, so it is a warning; those that a later run made good are history.
 */
export function checkFailedRuns(seen: Seen): Check | null {
  const facts = factsOf(seen);
  if (!facts) return null;
  const name = 'failures';
  const ended = facts.runs.filter(({ status }) => status !== 'running');
  const last = ended.at(-1);
  const failures = ended.length - 1 - ended.findLastIndex(({ status }) => isPublished(status));
  if (!last) return { name, status: 'ok', message: 'no run has ended yet' };
  if (failures === 0) return { name, status: 'ok', message: `the newest run, ${last.id}, was published` };
  const isThere = isDayThere(judgedSlots(seen.config.extraction, facts, seen.now));
  const often =
    failures === 1 ? `run ${last.id}` : `${counted(failures, 'run')} in a row published nothing: the newest, ${last.id},`;
  const rest = isThere ? '; the data of the day were published before it' : '';
  return {
    name,
    status: isThere ? 'warn' : 'fail',
    message: `${often} ${howItEnded(last)}${rest}: projetus runs show ${last.id}`,
  };
}

function howItEnded({ status, exitCode }: LoggedRun): string {
  if (status === 'aborted') return 'was killed';
  return status === 'held' ? 'was held by a guard' : `failed with exit code ${exitCode}`;
}
