/** A span of time that everything within it shares. */
export type Deadline = { readonly signal: AbortSignal; readonly remainingMs: () => number };

export function deadlineIn(durationMs: number): Deadline {
  const end = performance.now() + durationMs;
  return { signal: AbortSignal.timeout(Math.max(0, Math.floor(durationMs))), remainingMs: () => end - performance.now() };
}
