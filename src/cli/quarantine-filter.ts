import type { Config } from '../config/config.ts';
import { rejectCodes } from '../core/codes.ts';
import { ProjetusError } from '../core/errors.ts';
import { nearest } from '../core/names.ts';
import type { RejectStatus } from '../db/tables.ts';
import type { RejectFilter } from '../quarantine/reject-filter.ts';
import type { CommonOptions } from './world.ts';

export const rejectStatuses = ['open', 'gone', 'retried', 'discarded'] as const satisfies readonly RejectStatus[];

/** What `list` prints unless --limit says otherwise; with --json it has all. */
export const shownRejects = 50;

export type FilterOptions = CommonOptions & {
  readonly run?: readonly string[];
  readonly dataset?: readonly string[];
  readonly code?: readonly string[];
  readonly status?: readonly (RejectStatus | 'all')[];
};

/** The filter that the options mean. Throws `usage` for a code or dataset that does not exist. */
export function filterOf(options: FilterOptions, config: Config, ids: readonly string[] = []): RejectFilter {
  const statuses = options.status ?? [];
  refuseUnknown('reject code', options.code ?? [], Object.keys(rejectCodes));
  refuseUnknown(
    'dataset',
    options.dataset ?? [],
    config.extraction.datasets.map(({ name }) => name),
  );
  return {
    ids: ids.map(rejectId),
    runs: options.run ?? [],
    datasets: options.dataset ?? [],
    codes: options.code ?? [],
    statuses: statuses.includes('all') ? [] : statuses.filter((status) => status !== 'all'),
  };
}

function refuseUnknown(what: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  throw new ProjetusError('usage', `There is no ${what} ${unknown}.`, {
    hint: near ? `did you mean ${near}?` : `there are: ${known.join(', ')}`,
  });
}

export function rejectId(text: string): string {
  if (/^\d{1,18}$/.test(text)) return String(BigInt(text));
  throw new ProjetusError('usage', `${text} is not the id of a reject.`, { hint: 'projetus quarantine list shows the ids' });
}
