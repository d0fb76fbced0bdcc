import type { Host } from '../core/host.ts';

/** What the process gives to a command. Nothing below reads `process` itself. */
export type World = {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Out;
  readonly stderr: Out;
  readonly stdin: NodeJS.ReadStream;
  /** `24.21.0`. */
  readonly nodeVersion: string;
  readonly clock: () => Date;
  readonly random: () => string;
  readonly host: Host;
  /** Aborted, with a ProjetusError as its reason, by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
};

export type Out = {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** Options that every command knows. */
export type CommonOptions = {
  readonly config: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
};
