import type { ErrorCode } from '../../core/codes.ts';
import type { HoldFacts } from '../../guard/hold-facts.ts';
import type { AlertFacts, ErrorFacts, WarningCode } from '../facts.ts';
import type { Format } from '../format.ts';

/** An alert in words: what it is about, what happened with which numbers, what to do next. */
export type Said = { readonly title: string; readonly text: string; readonly next: string | null };

type Entry<Facts> = {
  readonly title: string;
  /** The sentence, without the dataset's name. */
  readonly text: (facts: Facts, format: Format) => string;
  readonly next: string | null;
};

/** Everything that projetus tells people, in one language. */
export type Texts = {
  readonly warnings: { readonly [Code in WarningCode]: Entry<AlertFacts[Code]> };
  readonly holds: { readonly [Guard in keyof HoldFacts]: Entry<HoldFacts[Guard] & { message: string }> };
  readonly errors: (code: ErrorCode, facts: ErrorFacts, format: Format) => Said;
  readonly frame: Frame;
};

/** The words around the alerts of a digest. */
export type Frame = {
  readonly resolved: string;
  readonly resolvedText: (since: string) => string;
  readonly counted: (critical: number, warnings: number, infos: number, resolved: number) => string;
  readonly severity: { readonly critical: string; readonly warning: string; readonly info: string };
  readonly footer: (what: { run: string | null; day: string | null; version: string; at: string }) => string;
  readonly done: {
    readonly title: string;
    readonly text: (datasets: readonly DoneDataset[], seconds: number, format: Format) => string;
  };
  readonly test: { readonly title: string; readonly text: string };
  readonly repeated: (since: string) => string;
  /** How a hold is let pass. */
  readonly release: (command: string) => string;
};

export type DoneDataset = {
  readonly name: string;
  readonly read: number;
  readonly changes: number;
  readonly stored: number | null;
  readonly isUnchanged: boolean;
};
