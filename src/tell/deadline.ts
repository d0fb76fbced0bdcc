/** A span of time that everything within it shares. */
export type Deadline = { readonly signal: AbortSignal; readonly remainingMs: () => number };

/** Null when the answer comes too late; whatever is under way goes on, and nobody hears of its end. */
export async function inTime<Answer>(end: Deadline, answer: Promise<Answer>): Promise<Answer | null> {
  const late = new Promise<null>((resolve) => {
    setTimeout(resolve, Math.max(0, end.remainingMs()), null).unref();
  });
  return await Promise.race([answer, late]);
}

export function deadlineIn(durationMs: number): Deadline {
  const end = performance.now() + durationMs;
  return { signal: AbortSignal.timeout(Math.max(0, Math.floor(durationMs))), remainingMs: () => end - performance.now() };
}
