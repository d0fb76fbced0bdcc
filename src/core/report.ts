import type { AlertCode, ErrorCode, RejectCode, Severity } from './codes.ts';
import type { Changes } from './mask.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Guard } from './guard.ts';

/** The one document of `run --json`. A contract: only ever extended. */
export type RunReport = {
  schema: 'projetus.run/1';
  run_id: string | null;
  mode: 'run' | 'dry-run';
  status: 'success' | 'unchanged' | 'held' | 'failed';
  exit_code: ExitCode;
  business_date: string | null;
  started_at: string;
  finished_at: string;
  duration_ms: number;
  pipeline_version: string;
  config_hash: string | null;
  /** The YYYY-MM-DD of the folder that was read; null where the folder of raw files has no such folders. */
  folder_date: string | null;
  /** Today's folder has not come, and was not there yet when something was last published. */
  late: boolean;
  /** Files of datasets that have an `url`, as they were fetched before the run read them; empty when none was asked for. */
  downloads: DownloadReport[];
  /** What the publisher's sentinel file said before and after the downloads; null when none is configured, or none was fetched. */
  sentinel: SentinelReport | null;
  datasets: DatasetReport[];
  /** Files of the folder that no dataset takes. */
  unexpected_files: string[];
  /** Files of the day that were fetched again later with other content, and were not read. */
  superseded_files: string[];
  ddl: string[];
  /** Earlier runs of these datasets that never ended: they were killed, or lost the database. */
  aborted_runs: AbortedRun[];
  /** Moments of the schedule for which no run is on record, since the last one that is. */
  missed_runs: string[];
  alerts: Alert[];
  error: ErrorReport | null;
};

/** One address, asked for once, whatever the number of datasets that share it. */
export type DownloadReport = {
  /** Without user, password and query. */
  url: string;
  datasets: string[];
  /** The name under which it is kept in the day's folder; null when it could not be fetched. */
  file: string | null;
  /** resumed: fetched, in more than one piece. */
  status: 'fetched' | 'resumed' | 'not-modified' | 'failed';
  /** Whether its content is another one than that which was kept before. */
  changed: boolean;
  /** Bytes that came over the network, those of failed attempts included. */
  bytes: number;
  size: number | null;
  sha256: string | null;
  last_modified: string | null;
  attempts: number;
  duration_ms: number;
  error: ErrorReport | null;
};

export type SentinelReport = { url: string; before: string; after: string };

export type AbortedRun = { run_id: string; started_at: string; host: string };

export type DatasetReport = {
  name: string;
  entity: string;
  table: string;
  status: 'loaded' | 'unchanged' | 'ready' | 'held' | 'failed' | 'missing';
  sources: SourceReport[];
  /** Null when the dataset was not examined to its end. */
  counts: Counts | null;
  /** Rows of the table that are not marked vanished. */
  stored: number | null;
  balanced: boolean | null;
  volume: Volume | null;
  /** Null when the files were not parsed. */
  profile: Profile | null;
  /** Columns that lost more than half of their share of values since the run before. */
  emptied_columns: EmptiedColumn[];
  /** What guards found, let pass or not. */
  holds: HoldReport[];
  relations: RelationReport[];
  /** The business date on which these very files were published, when it is an earlier one. */
  stale_since: string | null;
  /** Files that were not read because another one has the same content. */
  repeated_files: string[];
  /** How the header differs from that of the last published run that read one; null: it does not, or there was none. */
  header_drift: HeaderDrift | null;
  /** Stored records whose row was rejected today: they have not vanished, the stored version stays. */
  kept: number | null;
  /** Up to ten changes, updates first, as examples. */
  samples: ChangeSample[];
  /** The first 20; the quarantine has them all. */
  rejects: RejectReport[];
  error: ErrorReport | null;
};

export type Counts = {
  read: number;
  inserted: number;
  updated: number;
  unchanged: number;
  restored: number;
  duplicate: number;
  filtered: number;
  rejected: number;
  vanished: number;
  /** Rejects that the quarantine did not hold yet. */
  new_rejects?: number;
};

/** A source file as it was read, and how each point was decided: the receipt. */
export type SourceReport = {
  file: string;
  sha256: string;
  bytes: number;
  member: string | null;
  sheet: string | null;
  encoding: string | null;
  delimiter: string | null;
  /** 1-based; null when the file was not parsed. */
  header_row: number | null;
  columns: {
    mapped: Record<string, string>;
    unknown: string[];
    missing: string[];
    renamed: Record<string, string>;
  };
  blank_rows: number;
  footer_rows: number;
  error_cells: Record<string, number>;
  absurd_dates: Record<string, number>;
  /** Occurrences of U+FFFD and of text that was encoded twice. */
  damaged_text: { replaced: number; double_encoded: number };
  control_totals: ControlTotal[];
  rows: number;
  decisions: string[];
};

/** Names of header cells. */
export type HeaderDrift = { added: string[]; lost: string[]; renamed: { from: string; to: string }[] };

export type ControlTotal = { column: string; file: string; computed: string; match: boolean };

export type Volume = {
  previous: number | null;
  current: number;
  change_percent: number | null;
  tolerance_percent: number;
  /** What it was compared with instead of the run before, once there is enough history. */
  baseline: VolumeBaseline | null;
  verdict: 'first' | 'ok' | 'drop' | 'rise';
};

/** What is usual on a weekday, in records. */
export type VolumeBaseline = { weekday: string; median: number; low: number; high: number; runs: number };

/** What the columns of the valid rows hold, repeated rows included: what tomorrow's are compared with. */
export type Profile = { records: number; columns: Record<string, ColumnProfile> };

export type ColumnProfile = {
  /** Values that are not NULL. */
  filled: number;
  /** Of integers and decimals, those that are not 0; null for other types. */
  nonzero: number | null;
  /** Of the numbers without their signs, in doubles: to be compared roughly, not to the cent. */
  absolute_sum: number | null;
};

/** Percent of the records that have a value. */
export type EmptiedColumn = { column: string; before_percent: number; now_percent: number };

/** `accepted`: who let it pass with `--accept`, and when; null: nobody, and nothing was published. */
export type HoldReport = {
  guard: Guard;
  message: string;
  /** The numbers and names of the message, for other languages. */
  facts: Readonly<Record<string, unknown>>;
  accepted: { by: string; at: string } | null;
};

export type ChangeSample = {
  operation: 'insert' | 'update' | 'vanish' | 'restore';
  id: string;
  changes: Changes | null;
};

export type RelationReport = {
  column: string;
  references: string;
  matched: number;
  orphans: number;
  /** The orphans by what became of the record that they refer to. */
  orphan_causes: OrphanCauses;
  /** The first ten. */
  orphan_samples: OrphanSample[];
};

/**
 * filtered, rejected: the record's row was, today. vanished: it is no longer in the file. unknown: nobody has it.
 * unread: nobody has it, and of files that did not change it is not known which of their rows were filtered or rejected.
 */
export type OrphanCause = 'filtered' | 'rejected' | 'vanished' | 'unknown' | 'unread';

export type OrphanCauses = Record<OrphanCause, number>;

export type OrphanSample = { value: string; file: string; sheet: string | null; row: number | null; cause: OrphanCause };

export type RejectReport = {
  file: string;
  sheet: string | null;
  row: number;
  column: string | null;
  code: RejectCode;
  value: string | null;
  message: string;
};

export type Alert = {
  severity: Severity;
  code: AlertCode;
  dataset: string | null;
  /** What it is about within the dataset (a column, a file): with code and dataset it says which alerts are the same one. */
  subject: string | null;
  /** In English, with the dataset's name. */
  message: string;
  /** The numbers and names of the message, for other languages. */
  facts: Readonly<Record<string, unknown>>;
};

export type ErrorReport = {
  code: ErrorCode;
  message: string;
  hint: string | null;
  file: string | null;
  line: number | null;
  column: number | string | null;
};
