import type { Dataset } from '../core/dataset.ts';
import type { Guard } from '../core/guard.ts';
import type { DatasetReport, RelationReport } from '../core/report.ts';
import type { HoldFacts } from './hold-facts.ts';

/** What a guard looks at: one dataset at the end of its examination, and what the last run that read it found. */
export type Watched = {
  readonly dataset: Dataset;
  readonly report: DatasetReport;
  /** Live records before the run; null when the files were not parsed. */
  readonly liveBefore: number | null;
  /** Smaller changes than this are never a reason to hold: small tables swing freely. */
  readonly floorRows: number;
  /** The dataset's report in the last published run that parsed its files; null: there is none. */
  readonly last: DatasetReport | null;
  /** The relations in the last published run that measured them: they are, whether or not files are parsed. */
  readonly lastRelations: readonly RelationReport[];
};

/** Why a dataset should not be published before somebody has looked at it. */
export type Finding = {
  [Name in Guard]: { readonly guard: Name; readonly message: string; readonly hint: string; readonly facts: HoldFacts[Name] };
}[Guard];
