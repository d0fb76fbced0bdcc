import type { ProjetusError } from '../core/errors.ts';
import type { Acceptance } from '../core/guard.ts';
import type { Host } from '../core/host.ts';
import type { Config } from '../config/config.ts';
import type { Fetching, FetchProgress } from '../fetch/fetching.ts';
import type { Network } from '../net/http.ts';

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
  /** Guards that may let a dataset pass this time. */
  readonly accept: readonly Acceptance[];
  readonly pipelineVersion: string;
  readonly clock: () => Date;
  /** A few random characters, for the run's id. */
  readonly random: string;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly connectRetryMs: number;
  /** Of a table with more live records than this, every row of a file is staged: what tells them takes 70 bytes a record. */
  readonly mostKnownRecords: number;
  /** How other services are met. */
  readonly network: Network;
  /** How files are fetched; null: what is on disk is read. */
  readonly fetching: Fetching | null;
  /** Asks whether to load into a server that holds data; null: nobody is there to be asked, or it was settled. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
  readonly onProgress: (progress: Progress) => void;
};

/** How a message to a channel went. */
export type Delivered = { readonly channel: string; readonly status: 'pending' | 'sent' | 'failed'; readonly answer: string };

export type Progress =
  | FetchProgress
  | { readonly phase: 'connecting'; readonly error: ProjetusError }
  /** What stopped the run, as it was thrown: the report has only its message. */
  | { readonly phase: 'failing'; readonly error: unknown }
  | { readonly phase: 'reading'; readonly dataset: string; readonly file: string; readonly rows: number }
  /** What people and watchers were told, and what could not be said. Safe lines. */
  | { readonly phase: 'speaking'; readonly told: readonly Delivered[]; readonly problems: readonly string[] }
  | { readonly phase: 'comparing' | 'publishing'; readonly dataset: string };
