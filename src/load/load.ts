import type { Dataset } from '../core/dataset.ts';
import type { RecordShape } from '../core/record.ts';
import type { DdlPlan } from './ddl.ts';
import type { KeyPlan } from './keys.ts';

/** Where a dataset's rows wait for the decision. */
export type StagingTables = {
  /** Valid records: a table of its own, or the new target itself. */
  readonly records: string;
  /** Rows that are no record: rejected, or filtered by `where`. */
  readonly refused: string;
};

/** One dataset's part of a run: what it is, and the tables of its own that live as long as the transaction. */
export type Load = {
  readonly dataset: Dataset;
  readonly shape: RecordShape;
  readonly key: KeyPlan;
  readonly ddl: DdlPlan;
  readonly staging: StagingTables;
  /** The keys that came more than once, while they are settled. */
  readonly repeated: string;
  /** Keys of refused rows, with their outcome: the refused rows themselves, or with Citus a copy beside the target. */
  readonly refusedKeys: string;
  /** The list of changes: key, operation, and what it changes, as lineage keeps it. */
  readonly changes: string;
  /**
   * The list of the keys of stored records that today's files did not bring as they are; what was met is not staged.
   * Null: every row of the files is staged.
   */
  readonly unmet: string | null;
};

/**
 * Names for the work tables of a dataset, by the number of its first file: no other run has that, and PostgreSQL cuts names
 * at 63 bytes, so that the dataset's own does not go in.
 */
export function tableNames(sourceId: string, { distribution }: Pick<Dataset, 'distribution'>) {
  const refused = `_refused_${sourceId}`;
  return {
    records: `_staged_${sourceId}`,
    refused,
    repeated: `_repeated_${sourceId}`,
    refusedKeys: distribution === 'none' ? refused : `_refused_keys_${sourceId}`,
    changes: `_changes_${sourceId}`,
    unmet: `_unmet_${sourceId}`,
  };
}
