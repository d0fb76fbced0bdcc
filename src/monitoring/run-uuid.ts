import { hash } from 'node:crypto';

/** What others know a run by: a UUID (version 8, RFC 9562) that is made of our run id, so that all events of a run agree. */
export function runUuid(runId: string): string {
  const digits = hash('sha256', runId);
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ];
  return parts.join('-');
}
