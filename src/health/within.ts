/** The answer of `work`, or the signal's reason when it comes first; nobody waits for `work` then. */
export async function within<Answer>(signal: AbortSignal, work: Promise<Answer>): Promise<Answer> {
  work.catch(() => undefined);
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
