import { resolve } from 'node:path';
import type { Dataset } from '../core/dataset.ts';
import { channelsFromFile } from './channels-from-file.ts';
import type { ConfigFile } from './config-file.ts';
import type { Config } from './config.ts';
import { completeUrl } from './database-url.ts';
import type { Lookup } from './environment.ts';

/** The file in the program's words, with absolute paths. */
export function normalize(
  file: ConfigFile,
  datasets: readonly Dataset[],
  directory: string,
  lookup: Lookup,
): Omit<Config, 'path' | 'hash' | 'inert'> {
  const { alerting, reconciliation, monitoring, extraction, lineage, retention } = file;
  return {
    directory,
    database: { ...file.database, url: completeUrl(file.database.url, directory, lookup) },
    alerting: {
      minSeverity: alerting.min_severity,
      language: alerting.language,
      repeatHours: alerting.repeat_hours,
      channels: channelsFromFile(alerting),
      fallback: alerting.fallback,
    },
    reconciliation: {
      volumeTolerancePercent: reconciliation.volume_tolerance_percent,
      alertOnMismatch: reconciliation.alert_on_mismatch,
      onVolumeAnomaly: reconciliation.on_volume_anomaly,
      volumeFloorRows: reconciliation.volume_floor_rows,
    },
    monitoring: {
      pingUrl: monitoring.ping_url ?? null,
      prometheus: { ...monitoring.prometheus, file: resolve(directory, monitoring.prometheus.file) },
      openlineage: monitoring.openlineage ?? null,
    },
    extraction: {
      hour: extraction.hour,
      minute: extraction.minute,
      timezone: extraction.timezone,
      weekdays: extraction.weekdays,
      startGraceMinutes: extraction.start_grace_minutes,
      finishGraceMinutes: extraction.finish_grace_minutes,
      rawDir: resolve(directory, extraction.raw_dir),
      keepRawDays: extraction.keep_raw_days,
      download: {
        sentinelUrl: extraction.download.sentinel_url ?? null,
        mayRedirectInside: extraction.download.private_redirects,
        maxBytes: extraction.download.max_mb * 1024 * 1024,
        timeoutMs: extraction.download.timeout_minutes * 60_000,
      },
      datasets,
    },
    lineage: {
      enabled: lineage.enabled,
      trackPipelineVersion: lineage.track_pipeline_version,
      retentionMonths: lineage.retention_months,
    },
    retention: { runsMonths: retention.runs_months, quarantineMonths: retention.quarantine_months },
  };
}
