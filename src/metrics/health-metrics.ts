import { factsOf, type Check, type Seen } from '../health/check.ts';
import type { HealthReport } from '../health/health.ts';
import { contentType, exposition, type Metric } from './registry.ts';
import { buildInfo, gauge, plain, runMetrics } from './run-metrics.ts';

export const metricsType = contentType;

const healthNumbers = { healthy: 0, degraded: 1, unhealthy: 2 } as const satisfies Record<HealthReport['status'], number>;
const checkNumbers = { ok: 0, warn: 1, fail: 2 } as const satisfies Record<Check['status'], number>;

/** `health --metrics` and `GET /metrics`: with what is true at this moment only. */
export function healthMetrics(seen: Seen, report: HealthReport): Promise<string> {
  const facts = factsOf(seen);
  return exposition([
    ...(facts ? runMetrics(facts, report.pipeline_version) : [buildInfo(report.pipeline_version)]),
    ...momentary(seen, report),
  ]);
}

function momentary({ disk }: Seen, report: HealthReport): Metric[] {
  const checks = report.checks.map(({ name, status }) => ({ labels: { check: name }, value: checkNumbers[status] }));
  return [
    gauge('projetus_health_status', '0 healthy, 1 degraded, 2 unhealthy.', plain(healthNumbers[report.status])),
    gauge('projetus_health_check_status', '0 ok, 1 warn, 2 fail; absent when it cannot be known.', checks),
    gauge('projetus_raw_dir_free_bytes', 'Free space for the raw files.', plain('error' in disk ? null : disk.freeBytes)),
  ];
}
