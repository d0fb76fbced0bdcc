import type { Config } from './config.ts';

/** Keys that are in use and whose feature is not built yet: `run --verbose` names them. */
export function inertKeys({
  database,
  alerting,
  monitoring,
  extraction,
}: Pick<Config, 'database' | 'alerting' | 'monitoring' | 'extraction'>): string[] {
  const channels = Object.entries(alerting.channels).filter(([, channel]) => channel !== null);
  return [
    ...(database.distribution === 'none' ? [] : ['database.distribution']),
    ...channels.map(([name]) => `alerting.${name}`),
    ...(monitoring.pingUrl === null ? [] : ['monitoring.ping_url']),
    ...(monitoring.prometheus.enabled ? ['monitoring.prometheus'] : []),
    ...(monitoring.openlineage === null ? [] : ['monitoring.openlineage']),
    ...extraction.datasets.flatMap(({ url }, index) => (url === null ? [] : [`extraction.files[${index}].url`])),
  ];
}
