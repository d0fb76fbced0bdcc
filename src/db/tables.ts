import type { Generated, JSONColumnType } from 'kysely';
import type { Severity } from '../core/codes.ts';

/** The operational tables, as migrations/ makes them. Counts come as numbers, moments as Date. */
export type Tables = {
  runs: RunsTable;
  datasets: DatasetsTable;
  extraction_logs: ExtractionLogsTable;
  lineage_history: LineageHistoryTable;
  data_lineage: DataLineageView;
  quarantine: QuarantineTable;
  reconciliations: ReconciliationsTable;
  alerts: AlertsTable;
  alert_deliveries: AlertDeliveriesTable;
};

export type RunStatus = 'running' | 'success' | 'unchanged' | 'held' | 'failed' | 'aborted';

type RunsTable = {
  id: string;
  status: RunStatus;
  business_date: string;
  started_at: Date;
  finished_at: Date | null;
  pipeline_version: string;
  config_hash: string;
  exit_code: number | null;
  datasets: string[];
  host: string;
  pid: number;
  report: JSONColumnType<object> | null;
};

/** A reading hash that no dataset has: something was undone or retried, and the next run parses the files, known or not. */
export const unread = '';

/** What is known of each dataset that was ever published. */
type DatasetsTable = {
  name: string;
  entity: string;
  /** SQL text of the key joined as in `entityId`, over the table's columns. */
  entity_id_sql: string;
  /** How rows become records, as one hash; another one means: parse again. */
  reading_hash: string;
  run_id: string;
  business_date: string;
  /** Checksums of the files, sorted. */
  checksums: JSONColumnType<string[]>;
  counts: JSONColumnType<object>;
  stored: number;
  /** How lines become records, as one hash; null: the files were not read in one way. */
  line_reading: string | null;
  /** The first file that was read in this way. Lines of earlier ones say nothing about today's. */
  line_reading_since: string | null;
};

type ExtractionLogsTable = {
  id: Generated<string>;
  run_id: string;
  dataset: string;
  source_file: string;
  path: string;
  sheet: string | null;
  checksum: string;
  size_bytes: string;
  header: JSONColumnType<string[]> | null;
  row_counts: JSONColumnType<object>;
  pipeline_version: string;
  status: string;
  extraction_timestamp: Date;
  created_at: Generated<Date>;
};

type LineageHistoryTable = {
  entity_type: string;
  entity_id: string;
  source_id: string;
  row_number: number | null;
  operation: LineageOperation;
  record_hash: Uint8Array;
  changes: JSONColumnType<object> | null;
  superseded_at: Date;
};

export type LineageOperation = 'insert' | 'update' | 'vanish' | 'restore';

type DataLineageView = {
  entity_type: string;
  entity_id: string;
  source_file: string;
  source_sha256: string;
  sheet: string | null;
  extraction_timestamp: Date;
  pipeline_version: string;
  record_hash: string;
  created_at: Date;
  run_id: string;
  row_number: number | null;
  operation: LineageOperation;
  changes: Record<string, { from: string | null; to: string | null }> | null;
};

export type RejectStatus = 'open' | 'gone' | 'retried' | 'discarded';

type QuarantineTable = {
  id: Generated<string>;
  run_id: string;
  dataset: string;
  source_id: string;
  source_file: string;
  sheet: string | null;
  row_number: number;
  raw: JSONColumnType<string[]>;
  raw_hash: Uint8Array;
  occurrence: number;
  errors: JSONColumnType<object[]>;
  status: Generated<RejectStatus>;
  /** The key, as text, under which a retry loaded the row. */
  retried_key: string | null;
  created_at: Generated<Date>;
};

type ReconciliationsTable = {
  id: Generated<string>;
  run_id: string;
  dataset: string;
  kind: string;
  source_value: string;
  db_value: string;
  is_match: boolean;
  details: JSONColumnType<object> | null;
  created_at: Generated<Date>;
};

/** A problem from its first sight to its end. */
type AlertsTable = {
  id: Generated<string>;
  fingerprint: string;
  severity: Severity;
  code: string;
  dataset: string | null;
  message: string;
  status: Generated<'open' | 'resolved'>;
  first_seen_at: Date;
  last_seen_at: Date;
  /** When a digest with it was last put into the outbox. */
  last_told_at: Date | null;
  resolved_at: Date | null;
  acked_at: Date | null;
  acked_by: string | null;
  run_id: string | null;
  details: JSONColumnType<object> | null;
};

/** The outbox: one digest to one channel. */
type AlertDeliveriesTable = {
  id: Generated<string>;
  run_id: string | null;
  channel: string;
  /** failed: the provider said that another try will not help. */
  status: Generated<'pending' | 'sent' | 'failed'>;
  attempts: Generated<number>;
  digest: JSONColumnType<object>;
  /** What the provider answered last; no secret is in it. */
  answer: string | null;
  created_at: Date;
  attempted_at: Date | null;
};
