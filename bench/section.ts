import type { Cluster } from '../test/support/postgres-cluster.ts';
import type { LimitName } from './limits.ts';

export type SectionName = 'load' | 'csv' | 'xlsx' | 'pglite' | 'startup' | 'shapes' | 'growth' | 'history';

/** What every section gets: a server with default settings, our program, and how much of everything. */
export type Setting = {
  readonly cluster: Cluster;
  /** The built binary, as an absolute path. */
  readonly program: string;
  readonly rows: number;
  readonly rounds: number;
  /** Below a million rows start-up weighs more than it does in earnest: it is taken off, and some limits are not judged. */
  readonly isFull: boolean;
};

/** A measured value of which there is a limit. */
export type Finding = { readonly limit: LimitName; readonly value: number };

export type SectionResult = {
  readonly title: string;
  /** Tables and what must be known to read them. */
  readonly markdown: string;
  readonly findings: readonly Finding[];
  /** Files for beside the results, by name. */
  readonly pictures?: Readonly<Record<string, string>>;
};

export type Section = (setting: Setting) => Promise<SectionResult>;
