import type { Alert } from '../core/report.ts';

/** How deep an audit looks. Each level checks what the ones before it check. */
export const auditLevels = ['counts', 'keys', 'content'] as const;

export type AuditLevel = (typeof auditLevels)[number];

/** `reconcile --json`. A contract: only ever extended. */
export type ReconcileReport = {
  schema: 'projetus.reconcile/1';
  match: boolean;
  level: AuditLevel;
  /** The run that was asked for; null: each dataset's last published one. */
  run_id: string | null;
  checked_at: string;
  pipeline_version: string;
  datasets: DatasetAudit[];
  /** Mismatches that two audits in a row have found, where `alert_on_mismatch` is set. */
  alerts: Alert[];
  notes: string[];
};

export type DatasetAudit = {
  name: string;
  status: 'audited' | 'never-published' | 'not-in-run';
  /** The run whose files were compared. */
  run_id: string | null;
  /** How deep this dataset could be looked at: only the counts are left when its files are gone. */
  level: AuditLevel | null;
  /** Data rows of the files, as the run read them. */
  source_count: number;
  /** Live rows of the table, now. */
  db_count: number;
  /** Live rows that the last run, retry or undo left behind. */
  expected_count: number;
  match: boolean;
  /** True when the audit of this dataset and level before this one found a mismatch as well. */
  confirmed: boolean;
  /** Live rows more or less than expected. */
  discrepancy: number;
  /** Records of the files that the table does not hold; below level keys, what the counts say. */
  missing_in_db: number;
  /** Live rows that no file accounts for; below level keys, what the counts say. */
  extra_in_db: number;
  /** Rows with other values; only level content looks at them. */
  different: number;
  /** Differences that are as they should be, by reason. */
  explained: Partial<Record<Explanation, number>>;
  /** At most 10. Personal data is masked. */
  samples: Sample[];
  /** Level content: what each column holds, in the files and in the table, over the rows that should agree. */
  columns: ColumnCheck[];
  sources: SourceAudit[];
  /** What is wrong besides the rows that are counted above. */
  problems: string[];
  /** What to know, and what could not be looked at. */
  notes: string[];
};

export const explanations = {
  'later-run': 'a later run, retry or undo wrote or removed the row',
  kept: 'the file’s row was rejected: what was stored before, or retried since, stays',
  'earlier-file': 'the row comes from an earlier file, and absence means nothing for this dataset',
  'parent-later': 'the row was rejected since it referred to nothing; what it refers to has come since',
} as const;

export type Explanation = keyof typeof explanations;

export type Sample = {
  /**
   * missing: in the file only. extra: in the table only. different: other values than in the file. altered: a row that
   * the file does not hold, whose values do not have the hash that was stored with them. unsourced: `_source_id` names
   * no file.
   */
  kind: 'missing' | 'extra' | 'different' | 'altered' | 'unsourced';
  /** The key, as in lineage. */
  id: string;
  /** Where the record stands; for rows that only the table has, where they say they come from. */
  file: string | null;
  sheet: string | null;
  row: number | null;
  /** Column to its values, as text. */
  columns: Record<string, { source: string | null; database: string | null }>;
};

export type ColumnCheck = {
  name: string;
  match: boolean;
  /** Rows in which it differs. */
  different: number;
  nulls: { source: number; database: number };
  /** Of integers and decimals; null for other types, and where all are NULL. */
  sum: { source: string | null; database: string | null } | null;
};

export type SourceAudit = {
  file: string;
  sheet: string | null;
  sha256: string;
  /** What became of the raw file; `unread`: it is there with the right size, and was not read. */
  state: 'same' | 'unread' | 'gone' | 'changed';
  /** Data rows that the run logged, and those of the file read again. */
  logged_rows: number;
  rows: number | null;
};

export function emptyAudit(name: string): DatasetAudit {
  return {
    name,
    status: 'audited',
    run_id: null,
    level: null,
    source_count: 0,
    db_count: 0,
    expected_count: 0,
    match: true,
    confirmed: false,
    discrepancy: 0,
    missing_in_db: 0,
    extra_in_db: 0,
    different: 0,
    explained: {},
    samples: [],
    columns: [],
    sources: [],
    problems: [],
    notes: [],
  };
}
