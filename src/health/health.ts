import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { factsOf, type Check, type Seen } from './check.ts';
import { checkAlerts } from './checks/alerts.ts';
import { checkDatabase } from './checks/database.ts';
import { checkDisk } from './checks/disk.ts';
import { checkFailedRuns } from './checks/failed-runs.ts';
import { checkHangingRuns } from './checks/hanging-runs.ts';
import { checkLineage } from './checks/lineage.ts';
import { checkMigrations } from './checks/migrations.ts';
import { checkQuarantine } from './checks/quarantine.ts';
import { checkSchedule } from './checks/schedule.ts';
import { checkSources } from './checks/sources.ts';
import { counted, duration } from './wording.ts';

/** `health --json` and `GET /health`. A contract: only ever extended. */
export type HealthReport = {
  schema: 'projetus.health/1';
  status: 'healthy' | 'degraded' | 'unhealthy';
  /** One sentence or two, for whoever gets it at seven in the morning. */
  message: string;
  /** When the newest published run ended; null when there is none, or it cannot be known. */
  last_extraction: string | null;
  hours_since_last: number | null;
  /** The records that each dataset has in the database. */
  records_extracted: Record<string, number>;
  pipeline_version: string;
  checks: Check[];
};

/** In the order of what one would look at first. Null: without the database it cannot be known. */
const all: readonly ((seen: Seen) => Check | null)[] = [
  checkDatabase,
  checkSchedule,
  checkHangingRuns,
  checkFailedRuns,
  checkSources,
  checkMigrations,
  checkAlerts,
  checkQuarantine,
  checkLineage,
  checkDisk,
];

export function healthOf(seen: Seen, pipelineVersion: string): HealthReport {
  const checks = all.flatMap((check) => check(seen) ?? []);
  const status = checks.some((check) => check.status === 'fail')
    ? 'unhealthy'
    : checks.some((check) => check.status === 'warn')
      ? 'degraded'
      : 'healthy';
  const last = factsOf(seen)?.lastPublished?.finishedAt ?? null;
  const records = recordsOf(seen);
  return {
    schema: 'projetus.health/1',
    status,
    message: `${verdict(status, checks)} ${data(seen, last, records)}`,
    last_extraction: last?.toISOString() ?? null,
    hours_since_last: last && Math.round((seen.now.getTime() - last.getTime()) / 360_000) / 10,
    records_extracted: records,
    pipeline_version: pipelineVersion,
    checks,
  };
}

export const healthExitCodes = {
  healthy: exitCodes.done,
  degraded: exitCodes.degraded,
  unhealthy: exitCodes.unhealthy,
} as const satisfies Record<HealthReport['status'], ExitCode>;

/** Of the datasets that the configuration declares. */
function recordsOf(seen: Seen): Record<string, number> {
  const published = new Map(factsOf(seen)?.published.map(({ name, stored }) => [name, stored]));
  const declared = seen.config.extraction.datasets.map(({ name }) => name).filter((name) => published.has(name));
  return Object.fromEntries(declared.map((name) => [name, published.get(name)!]));
}

function verdict(status: HealthReport['status'], checks: readonly Check[]): string {
  const problems = [...checks.filter((check) => check.status === 'fail'), ...checks.filter((check) => check.status === 'warn')];
  const worst = problems[0];
  if (!worst) return 'All is well.';
  const others = problems.slice(1).map(({ name }) => name);
  const more = others.length === 0 ? '' : ` Also: ${others.join(', ')}.`;
  return `${status === 'unhealthy' ? 'Unhealthy' : 'Degraded'}: ${worst.message}.${more}`;
}

function data(seen: Seen, last: Date | null, records: Readonly<Record<string, number>>): string {
  if (!last) return factsOf(seen) ? 'Nothing has been published yet.' : 'When data were last published cannot be seen.';
  const counts = Object.values(records);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const ago = duration(seen.now.getTime() - last.getTime());
  return `The data (${counted(total, 'record')} of ${counted(counts.length, 'dataset')}) were last published ${ago} ago.`;
}
