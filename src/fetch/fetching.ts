import type { Config } from '../config/config.ts';
import type { Dataset } from '../core/dataset.ts';
import type { Host } from '../core/host.ts';
import type { Line } from '../net/download.ts';

/** How long files are waited for: what the configuration does not say. */
export type Fetching = Pick<Line, 'connectMs' | 'idleMs'> & {
  /** Before the second try, the third, … One more try than there are delays. */
  readonly retryDelaysMs: readonly number[];
};

export const patience: Fetching = { connectMs: 10_000, idleMs: 60_000, retryDelaysMs: [2_000, 4_000, 8_000] };

export type FetchJob = {
  readonly extraction: Pick<Config['extraction'], 'rawDir' | 'datasets' | 'download'>;
  /** Those whose files are wanted; what has no `url` is left out. */
  readonly datasets: readonly Dataset[];
  /** The business date, YYYY-MM-DD, under which the files are kept. */
  readonly day: string;
  /** A dry run: the day's folder stays as it is, see `shelf.ts`. */
  readonly isPreview: boolean;
  readonly fetching: Fetching;
  readonly network: Pick<Line, 'userAgent' | 'ca' | 'proxies'>;
  readonly clock: () => Date;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: FetchProgress) => void;
};

export type FetchProgress =
  | { readonly phase: 'fetching'; readonly file: string; readonly bytes: number; readonly size: number | null }
  /** Something went wrong that may pass. */
  | { readonly phase: 'waiting'; readonly reason: string; readonly waitMs: number };
