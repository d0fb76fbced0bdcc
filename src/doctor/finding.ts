import type { Config } from '../config/config.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import type { Host } from '../core/host.ts';
import type { Database } from '../db/open-database.ts';
import type { Network } from '../net/http.ts';

/** One thing that was looked at. `message` says what was found, `fix` how to mend it; null when there is nothing to mend. */
export type Finding = {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly fix: string | null;
  /** What a run would end with. */
  readonly exitCode: ExitCode;
};

/** All that a check may look at. */
export type Patient = {
  /** As it was asked for. */
  readonly configPath: string;
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `24.21.0`. */
  readonly nodeVersion: string;
  readonly host: Host;
  readonly clock: () => Date;
  /** The IANA name of this machine's zone. */
  readonly machineZone: string;
  readonly network: Network;
  readonly signal: AbortSignal;
};

/** What can be known without a configuration. */
export type Stranger = Omit<Patient, 'config'>;

/** A database that answered. */
export type Connected = Patient & { readonly database: Database };

export function ok(name: string, message: string): Finding {
  return { name, status: 'ok', message, fix: null, exitCode: exitCodes.done };
}

export function warn(name: string, message: string, fix: string): Finding {
  return { name, status: 'warn', message, fix, exitCode: exitCodes.done };
}

/** Somebody has to act, unless it is a thing that may pass (`unavailable`). */
export function fail(name: string, message: string, fix: string, exitCode: ExitCode = exitCodes.usage): Finding {
  return { name, status: 'fail', message, fix, exitCode };
}

/** An error that a run would end with. */
export function failed(name: string, error: unknown): Finding {
  if (!(error instanceof ProjetusError)) throw error;
  const isPassing = error.exitCode === exitCodes.unavailable || error.exitCode === exitCodes.locked;
  const fix = error.hint ?? 'see the README, "When something goes wrong"';
  return fail(name, error.message, fix, isPassing ? exitCodes.unavailable : exitCodes.usage);
}
