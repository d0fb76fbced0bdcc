import { isPublished } from '../../schedule/slots.ts';
import { factsOf, type Check, type Seen } from '../check.ts';
import type { Facts, LoggedRun } from '../facts.ts';
import { duration } from '../wording.ts';

const dayMs = 86_400_000;

/** Files that are those of an earlier day, and datasets that published runs leave out (`--dataset`, a missing file). */
export function checkSources(seen: Seen): Check | null {
  const facts = factsOf(seen);
  if (!facts) return null;
  const name = 'sources';
  const stale = facts.newest.flatMap(({ name, staleSince }) =>
    staleSince === null ? [] : [`the files of ${name} are those of ${staleSince}`],
  );
  const problems = [...stale, ...leftOut(facts, seen)];
  if (problems.length > 0)
    return { name, status: 'warn', message: `${problems.join('; ')}: look at raw_dir and at the publisher` };
  return {
    name,
    status: 'ok',
    message: facts.lastPublished ? 'the newest run read the files of its day' : 'nothing was read yet',
  };
}

function leftOut(facts: Facts, { config, now }: Seen): string[] {
  const last = facts.lastPublished;
  if (!last) return [];
  return config.extraction.datasets.flatMap(({ name }) => {
    const own = facts.runs.findLast((run: LoggedRun) => isPublished(run.status) && run.datasets.includes(name));
    if (!own) return [`${name} was in none of the last runs`];
    const isOld = last.startedAt.getTime() - own.startedAt.getTime() > dayMs;
    return isOld ? [`${name} was in no published run for ${duration(now.getTime() - own.startedAt.getTime())}`] : [];
  });
}
