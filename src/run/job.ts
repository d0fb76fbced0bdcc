import type { ProjetusError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import type { Config } from '../config/config.ts';

/** One invocation of `run`: what was asked for, and what the world is. */
export type Job = {
  readonly config: Config;
  /** Names of the datasets to load; empty: all. */
  readonly datasets: readonly string[];
  /** `--date`, YYYY-MM-DD. */
  readonly date: string | null;
  /** The same run, ended by ROLLBACK. */
  readonly isDryRun: boolean;
  readonly force: boolean;
  readonly strict: boolean;
  readonly pipelineVersion: string;
  readonly clock: () => Date;
  /** A few random characters, for the run's id. */
  readonly random: string;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly connectRetryMs: number;
  /** Asks whether to load into a server that holds data; null: nobody is there to be asked, or it was settled. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
  readonly onProgress: (progress: Progress) => void;
};

export type Progress =
  | { readonly phase: 'connecting'; readonly error: ProjetusError }
  /** What stopped the run, as it was thrown: the report has only its message. */
  | { readonly phase: 'failing'; readonly error: unknown }
  | { readonly phase: 'reading'; readonly dataset: string; readonly file: string; readonly rows: number }
  | { readonly phase: 'comparing' | 'publishing'; readonly dataset: string };
