import type { HttpAnswer } from './http.ts';

/** Request timeout, too early, too many requests: the refusals that pass by themselves. */
const passing: readonly number[] = [408, 425, 429];

/** Whether another try may get another answer than this refusal. */
export function mayPass(status: number): boolean {
  return status >= 500 || passing.includes(status);
}

/** `Retry-After`, in seconds or as a date, which is compared with the service's own clock; null when it says nothing. */
export function retryAfterMs({ headers }: Pick<HttpAnswer, 'headers'>): number | null {
  const text = headers['retry-after'] ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const waitMs = Date.parse(text) - Date.parse(headers['date'] ?? '');
  return Number.isNaN(waitMs) ? null : waitMs;
}
