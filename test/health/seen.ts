import type { Config } from '../../src/config/config.ts';
import type { Seen } from '../../src/health/check.ts';
import { nothingYet, type Facts, type LoggedRun } from '../../src/health/facts.ts';
import { loadText } from '../config/load-text.ts';

/** Due on weekdays at 09:15 in São Paulo, which is 12:15 UTC. */
export const config: Config = await loadText(`
extraction:
  weekdays: [mon, tue, wed, thu, fri]
  files: [{ name: obras, key: [id] }, { name: pontes, key: [id] }]
`);

/** Wednesday 2026-11-18, three hours after the run was due. */
export const noon = '2026-11-18T15:15:00Z';

export function run(status: LoggedRun['status'], startedAt: string, more: Partial<LoggedRun> = {}): LoggedRun {
  const start = new Date(`${startedAt}:00Z`);
  return {
    id: startedAt.replaceAll(/[-:]/g, ''),
    status,
    startedAt: start,
    finishedAt: status === 'running' ? null : new Date(start.getTime() + 5 * 60_000),
    businessDate: startedAt.slice(0, 10),
    exitCode: { success: 0, unchanged: 0, held: 5, failed: 7, running: null, aborted: null }[status],
    host: 'srv',
    pid: 4242,
    datasets: ['obras', 'pontes'],
    ...more,
  };
}

/** A database in which all is well at noon, but for what is given. */
export function facts(more: Partial<Facts> = {}): Facts {
  const runs = more.runs ?? [run('success', '2026-11-17T12:15'), run('success', '2026-11-18T12:15')];
  return {
    ...nothingYet([]),
    runs,
    lastPublished: runs.findLast(({ status }) => status === 'success' || status === 'unchanged') ?? null,
    newest: [{ name: 'obras', staleSince: null, newRejects: 0 }],
    published: [
      { name: 'obras', stored: 990, counts: { read: 1000, inserted: 990, rejected: 10 } },
      { name: 'of-long-ago', stored: 5, counts: { read: 5 } },
    ],
    lineage: { partitions: ['lineage_history_2026_11', 'lineage_history_2026_12'], sizeBytes: 97_000_000 },
    ...more,
  };
}

export function seen(more: Partial<Facts> = {}, others: Partial<Seen> = {}): Seen {
  return {
    config,
    now: new Date(noon),
    database: { state: 'read', facts: facts(more) },
    disk: { freeBytes: 50e9, sizeBytes: 100e9 },
    ...others,
  };
}
