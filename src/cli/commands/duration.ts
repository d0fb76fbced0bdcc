import { InvalidArgumentError } from 'commander';

/** A span of time as somebody wrote it. */
export type Duration = { readonly text: string; readonly ms: number };

const shape = /^(?=\d)(?:(?<hours>\d{1,4})h)?(?:(?<minutes>\d{1,5})m)?(?:(?<seconds>\d{1,6})s)?$/;

/** A timer of Node counts to 24.8 days; a daily job that takes more than one is no daily job. */
const longestMs = 24 * 3_600_000;

/** Reads `90m`, `2h`, `1h30m`, `45s`: from 1 second to 24 hours. */
export function duration(text: string): Duration {
  const parts = shape.exec(text)?.groups;
  const of = (unit: string) => Number(parts?.[unit] ?? 0);
  const ms = ((of('hours') * 60 + of('minutes')) * 60 + of('seconds')) * 1_000;
  if (ms < 1_000 || ms > longestMs) {
    throw new InvalidArgumentError('It must be from 1s to 24h, such as 90m, 2h, 1h30m or 45s.');
  }
  return { text, ms };
}
