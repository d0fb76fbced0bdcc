import type { MigrationState } from '../db/migrations.ts';
import type { ScheduledRun } from '../schedule/slots.ts';

/** What health knows of a database, read in one transaction. */
export type Facts = {
  readonly migrations: MigrationState;
  /** The newest runs that load files, oldest first; neither undos nor retries. */
  readonly runs: readonly LoggedRun[];
  readonly lastPublished: LoggedRun | null;
  /** What the report of the newest run says of each dataset. */
  readonly newest: readonly NewestDataset[];
  /** Every dataset that was ever published. */
  readonly published: readonly PublishedDataset[];
  /** Open rejects, for each dataset that has some. */
  readonly openRejects: readonly { readonly dataset: string; readonly rejects: number }[];
  readonly lineage: { readonly partitions: readonly string[]; readonly sizeBytes: number };
  /** `failed` ones since a moment, `pending` ones of any age. */
  readonly undelivered: readonly { readonly channel: string; readonly deliveries: number; readonly oldestAt: Date }[];
  /** Null when nobody asked for it. */
  readonly tally: Tally | null;
};

/** The whole run log in numbers. */
export type Tally = {
  /** How often a run ended for an entity in which way. */
  readonly outcomes: readonly { readonly entity: string; readonly outcome: string; readonly runs: number }[];
  /** How long each run took, in seconds. */
  readonly durations: readonly number[];
};

export type LoggedRun = ScheduledRun & {
  readonly id: string;
  /** Null while it runs. */
  readonly finishedAt: Date | null;
  readonly exitCode: number | null;
  readonly host: string;
  readonly pid: number;
  /** What it was to load. */
  readonly datasets: readonly string[];
};

export type NewestDataset = { readonly name: string; readonly staleSince: string | null; readonly newRejects: number };

export type PublishedDataset = {
  readonly name: string;
  readonly stored: number;
  readonly counts: Readonly<Record<string, number>>;
};

/** What is known of a database that no run has touched yet. */
export function nothingYet(pending: readonly string[]): Facts {
  return {
    migrations: { pending, unknown: [] },
    runs: [],
    lastPublished: null,
    newest: [],
    published: [],
    openRejects: [],
    lineage: { partitions: [], sizeBytes: 0 },
    undelivered: [],
    tally: { outcomes: [], durations: [] },
  };
}
