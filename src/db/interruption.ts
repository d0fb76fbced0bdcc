import type { Session } from './session.ts';

/** What a long statement has after an interruption to end by itself, before the connection is cut. */
const cancelMs = 3_000;

/** On an interruption: stops the running statement, and cuts the connection if that does not help in time. */
export function cutWhenAborted(signal: AbortSignal, session: Session): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    void session.cancel();
    timer = setTimeout(() => session.destroy(), cancelMs);
  };
  signal.addEventListener('abort', interrupt, { once: true });
  return {
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', interrupt);
      clearTimeout(timer);
    },
  };
}
