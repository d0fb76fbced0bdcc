import type { Dataset } from '../core/dataset.ts';
import type { RecordShape } from '../core/record.ts';
import type { DdlPlan } from './ddl.ts';
import type { KeyPlan } from './keys.ts';
import type { StagingTables } from './stager.ts';

/** One dataset's part of a run: what it is, and the tables of its own that live as long as the transaction. */
export type Load = {
  readonly dataset: Dataset;
  readonly shape: RecordShape;
  readonly key: KeyPlan;
  readonly ddl: DdlPlan;
  readonly staging: StagingTables;
  /** The list of changes: key, old hash, new hash, operation. */
  readonly changes: string;
  /**
   * The list of the keys of stored records that today's files did not bring as they are; what was met is not staged.
   * Null: every row of the files is staged.
   */
  readonly unmet: string | null;
};

/** Names for the temporary tables of the nth dataset: PostgreSQL cuts names at 63 bytes, so a dataset's own does not go in. */
export function tableNames(index: number) {
  return {
    records: `_staged_${index}`,
    refused: `_refused_${index}`,
    changes: `_changes_${index}`,
    unmet: `_unmet_${index}`,
  };
}
