import type { AlertCode, ErrorCode, RejectCode, Severity } from './codes.ts';
import type { Changes } from './mask.ts';
import type { ExitCode } from './exit-codes.ts';

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
  datasets: DatasetReport[];
  /** Files of the folder that no dataset takes. */
  unexpected_files: string[];
  ddl: string[];
  alerts: Alert[];
  error: ErrorReport | null;
};

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
  relations: RelationReport[];
  /** The business date on which these very files were published, when it is an earlier one. */
  stale_since: string | null;
  /** Files that were not read because another one has the same content. */
  repeated_files: string[];
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

export type ControlTotal = { column: string; file: string; computed: string; match: boolean };

export type Volume = {
  previous: number | null;
  change_percent: number | null;
  tolerance_percent: number;
  verdict: 'first' | 'ok' | 'drop' | 'rise';
};

export type ChangeSample = {
  operation: 'insert' | 'update' | 'vanish' | 'restore';
  id: string;
  changes: Changes | null;
};

export type RelationReport = { column: string; references: string; matched: number; orphans: number };

export type RejectReport = {
  file: string;
  sheet: string | null;
  row: number;
  column: string | null;
  code: RejectCode;
  value: string | null;
  message: string;
};

export type Alert = { severity: Severity; code: AlertCode; dataset: string | null; message: string };

export type ErrorReport = {
  code: ErrorCode;
  message: string;
  hint: string | null;
  file: string | null;
  line: number | null;
  column: number | string | null;
};
