import { ProjetusError } from '../core/errors.ts';
import type { Duration } from './commands/duration.ts';

/**
 * What work has to end in once it was told to: 3 s until its connection is cut, 10 s for a server that does not answer a
 * connection, 5 s to tell people, and some more. What still has not ended hangs in something that cannot be interrupted,
 * such as a network drive.
 */
const patienceMs = 30_000;

export type LimitedWork<Answer> = {
  /** Null: as long as it takes. */
  readonly limit: Duration | null;
  readonly signal: AbortSignal;
  /** Ends soon after its signal is aborted, the reason of which is a `run-timeout`. */
  readonly work: (signal: AbortSignal) => Promise<Answer>;
  /** The answer of work that does not end when it was told to. */
  readonly giveUp: (error: ProjetusError) => Answer;
};

/** Does the work, and tells it to end when the limit is reached: a run that hangs would keep the next one from starting. */
export async function withinTimeLimit<Answer>({ limit, signal, work, giveUp }: LimitedWork<Answer>): Promise<Answer> {
  if (limit === null) return work(signal);
  const error = timeoutError(limit);
  const ending = new AbortController();
  const end = setTimeout(() => ending.abort(error), limit.ms);
  const { promise: given, resolve } = Promise.withResolvers<Answer>();
  const lastResort = setTimeout(() => resolve(giveUp(error)), limit.ms + patienceMs);
  try {
    return await Promise.race([work(AbortSignal.any([signal, ending.signal])), given]);
  } finally {
    clearTimeout(end);
    clearTimeout(lastResort);
  }
}

function timeoutError({ text }: Duration): ProjetusError {
  return new ProjetusError('run-timeout', `The run was ended after ${text} (--timeout); nothing was published.`, {
    hint: 'projetus doctor says whether the database and the disk answer; the next run tries again',
  });
}
