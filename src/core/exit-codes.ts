/** What a script reads from `$?`. A contract: codes are only ever added. */
export const exitCodes = {
  done: 0,
  bug: 1,
  usage: 2,
  degraded: 3,
  mismatch: 4,
  held: 5,
  unhealthy: 6,
  source: 7,
  locked: 11,
  unavailable: 75,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The one table of exit codes: `--help` and the README print it. */
export const exitCodeMeanings: readonly (readonly [ExitCode, string])[] = [
  [0, 'done (warnings included; --strict turns them into 3)'],
  [1, 'unexpected error: a bug'],
  [2, 'usage or configuration error, wrong credentials, missing permission, refused DDL'],
  [3, 'health degraded; warnings under --strict'],
  [4, 'reconcile found a difference'],
  [5, 'held by a guard, or over the reject budget: nothing was published'],
  [6, 'health: unhealthy'],
  [7, 'a required source is missing, unreadable, empty, truncated, changed while read, or lost a required column'],
  [11, 'another run holds the lock'],
  [75, 'the database or a network service is not available, a statement timed out, or the disk is full: a retry may help'],
  [130, 'interrupted; rolled back (143 for SIGTERM)'],
];

/** Among several codes in one run the first of these wins. */
const precedence: readonly ExitCode[] = [130, 143, 75, 1, 2, 7, 5, 3, 0];

export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return precedence.find((code) => codes.includes(code)) ?? exitCodes.done;
}
