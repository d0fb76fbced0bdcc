import type { VolumeBaseline } from '../core/report.ts';

/** What each guard found: the numbers and names of its sentence in every language. */
export type HoldFacts = {
  volume: VolumeFacts;
  /** `limit` in percent. */
  vanish: { vanished: number; live: number; limit: number };
  columns: { blank: readonly ColumnChange[]; moved: readonly ColumnChange[]; zeroed: readonly ColumnChange[] };
  encoding: { files: readonly string[]; replaced: number; double_encoded: number; percent: number };
  relations: { relations: readonly { column: string; references: string; before: number; orphans: number }[] };
  stale: { since: string };
  filter: { read: number };
};

/** Numbers of records; `percent` is the change from the run before. */
export type VolumeFacts = {
  current: number;
  previous: number | null;
  percent: number | null;
  tolerance: number;
  baseline: VolumeBaseline | null;
};

/** Percent of the values that are there, or that are 0; or the mean. */
export type ColumnChange = { column: string; before: number; now: number };
