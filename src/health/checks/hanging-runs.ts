import { isHanging } from '../../schedule/slots.ts';
import { factsOf, type Check, type Seen } from '../check.ts';
import { duration } from '../wording.ts';

/** A run that was killed stays `running` in the log until the next one finds it dead: it looks as one that hangs. */
export function checkHangingRuns(seen: Seen): Check | null {
  const facts = factsOf(seen);
  if (!facts) return null;
  const name = 'running';
  const { now, config } = seen;
  const running = facts.runs.filter(({ status }) => status === 'running');
  const hanging = running.find((run) => isHanging(config.extraction, run, now));
  const since = (startedAt: Date) => duration(now.getTime() - startedAt.getTime());
  if (hanging) {
    const who = `run ${hanging.id} (process ${hanging.pid} on ${hanging.host})`;
    const message = `${who} has not ended after ${since(hanging.startedAt)}; it hangs or was killed: end it if it is there, then start projetus run`;
    return { name, status: 'fail', message };
  }
  const message = running[0] ? `run ${running[0].id} is at work for ${since(running[0].startedAt)}` : 'no run is at work';
  return { name, status: 'ok', message };
}
