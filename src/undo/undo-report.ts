import type { ExitCode } from '../core/exit-codes.ts';
import type { ChangeSample } from '../core/report.ts';

/** `runs undo --json`, and the report that the undo leaves in `runs`. A contract: only ever extended. */
export type UndoReport = {
  schema: 'projetus.undo/1';
  run_id: string;
  mode: 'undo';
  dry_run: boolean;
  /** The run whose changes were taken back. */
  undoes: string;
  /** unchanged: there was nothing left to take back. */
  status: 'success' | 'unchanged';
  exit_code: ExitCode;
  business_date: string;
  started_at: string;
  finished_at: string;
  duration_ms: number;
  pipeline_version: string;
  config_hash: string;
  datasets: UndoneDataset[];
};

export type UndoneDataset = {
  name: string;
  entity: string;
  table: string;
  /** missing: its table was dropped since. */
  status: 'undone' | 'unchanged' | 'missing';
  /** What the undo did, not what the run had done: what the run inserted is vanished here. */
  counts: UndoCounts;
  /** Live rows afterwards. */
  stored: number | null;
  /** Open rejects of the run that are gone now; the next run of the file brings them back. */
  rejects_gone: number;
  /** Records that a later run changed: they stay as they are. The first of them. */
  kept: number;
  kept_rows: KeptRow[];
  /** Records whose earlier values cannot be had: they stay as they are. The first of them. */
  not_restorable: number;
  not_restorable_rows: UnrestorableRow[];
  /** `operation` is what the undo did. */
  samples: ChangeSample[];
};

export type UndoCounts = { inserted: number; updated: number; restored: number; vanished: number };

/** `operation` is what the undone run did; `changed_by` the run that changed the record last. */
export type KeptRow = { id: string; operation: string; changed_by: string };

export type UnrestorableRow = { id: string; operation: string; reason: UnrestorableReason };

/** Why the values from before cannot be had. */
export const unrestorableReasons = {
  'history-gone': 'the version before is not in the history: it was pruned, or lineage was off',
  'values-differ': 'the values do not have the hash of the version before: the table was changed by hand',
  'values-gone': 'the deleted record’s values were not kept',
} as const;

export type UnrestorableReason = keyof typeof unrestorableReasons;
