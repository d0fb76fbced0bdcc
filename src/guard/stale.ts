import type { Finding, Watched } from './watched.ts';

/** Only where the configuration says that the files change every day; elsewhere it is a warning. */
export function staleGuard({ dataset, report }: Watched): Finding | null {
  if (report.stale_since === null || !dataset.expect.mustChange) return null;
  return {
    guard: 'stale',
    message: `${dataset.name}: the files are those published on ${report.stale_since}, and they must change every day.`,
    facts: { since: report.stale_since },
    hint: 'check the download; expect.must_change demands it',
  };
}
