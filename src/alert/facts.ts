import type { Guard } from '../core/guard.ts';
import type { HeaderDrift, OrphanCauses } from '../core/report.ts';
import type { VolumeFacts } from '../guard/hold-facts.ts';

/** What each alert knows, beside its dataset: the numbers and names of its sentence in every language. No cell of a file. */
export type AlertFacts = {
  'rows-rejected': { rejected: number; read: number; fresh: number };
  'rows-duplicate': { duplicate: number; read: number };
  'rows-vanished': { vanished: number };
  'error-cells': { cells: number; column: string; file: string };
  'dates-absurd': { cells: number; column: string; file: string };
  'control-total-mismatch': { file: string; column: string; said: string; computed: string };
  'orphans-found': { orphans: number; column: string; references: string; causes: OrphanCauses };
  'volume-anomaly': VolumeFacts;
  'hold-accepted': { guard: Guard; message: string; by: string };
  'source-late': { newest: string; day: string };
  'source-stale': { since: string };
  'source-missing-optional': Nothing;
  'source-repeated': { file: string };
  'file-unexpected': { file: string };
  'run-aborted': { run: string; host: string; at: string };
  'run-missed': { moments: readonly string[] };
  'column-missing': { column: string; file: string };
  'column-renamed': { header: string; column: string; file: string };
  'column-emptied': { column: string; before: number; now: number };
  'header-drift': HeaderDrift;
  'text-damaged': { file: string; replaced: number; double_encoded: number };
  'reconcile-mismatch': { level: string; missing: number; extra: number; different: number; summary: string };
};

/** An error that stopped a run: its message is English, as on the terminal. */
export type ErrorFacts = { message: string; hint: string | null; file: string | null; line: number | null };

export type Nothing = Record<string, never>;

export type WarningCode = keyof AlertFacts;
