import type { ExitCode } from '../core/exit-codes.ts';
import type { errorReport } from '../run/examined.ts';

/** `validate --json`. A contract: only ever extended. */
export type ValidateReport = {
  schema: 'projetus.validate/1';
  valid: boolean;
  exit_code: ExitCode;
  config: string;
  config_hash: string | null;
  /** Null when there is no folder of raw files. */
  folder: string | null;
  datasets: { name: string; table: string; columns: number; key: readonly string[] | 'content'; files: ValidatedFile[] }[];
  unexpected_files: readonly string[];
  /** Keys that are valid, and do nothing in this version. */
  inert: readonly string[];
  /** What is wrong with the configuration; what is wrong with a file stands there. */
  error: ReturnType<typeof errorReport> | null;
};

export type ValidatedFile = {
  file: string;
  header_row: number | null;
  columns: { mapped: Readonly<Record<string, string>>; unknown: readonly string[]; missing: readonly string[] } | null;
  error: ReturnType<typeof errorReport> | null;
};
