import type { Dataset } from '../core/dataset.ts';
import type { Published } from './published.ts';
import type { DatasetAudit } from './report.ts';
import type { Outcomes } from './outcomes.ts';
import type { Restaged } from './restage.ts';

/** One dataset on its way through an audit. */
export type Audited = {
  readonly dataset: Dataset;
  readonly report: DatasetAudit;
  /** Null: there is nothing to audit, and the report says why. */
  readonly published: Published | null;
  /** How its rows become records today. */
  readonly readingHash: string;
  /** Null when its files are not looked at, or cannot be. */
  restaged: Restaged | null;
  outcomes: Outcomes | null;
};

/** Whether the files would become the same records today as in the run. */
export function isReadAlike({ published, readingHash }: Audited): boolean {
  return published?.readingHash === readingHash;
}
