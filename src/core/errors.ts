import { errorCodes, type ErrorCode } from './codes.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';

export type ErrorDetails = {
  /** The next thing to type or do. */
  readonly hint?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number | string;
  readonly cause?: unknown;
};

/** The one error of projetus. Its message says what happened, to what and where. */
export class ProjetusError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | string | null;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'ProjetusError';
    this.code = code;
    this.hint = details.hint ?? null;
    this.file = details.file ?? null;
    this.line = details.line ?? null;
    this.column = details.column ?? null;
  }

  get exitCode(): ExitCode {
    return errorCodes[this.code].exitCode;
  }

  /** True when the same command may work a minute later. */
  get isRetryable(): boolean {
    return this.exitCode === exitCodes.unavailable || this.exitCode === exitCodes.locked;
  }
}
