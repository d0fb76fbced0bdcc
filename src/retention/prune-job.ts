import type { Config } from '../config/config.ts';
import type { Host } from '../core/host.ts';
import type { PruneJob } from './prune.ts';

type Asked = {
  readonly config: Config;
  readonly clock: () => Date;
  readonly host: Host;
  readonly random: string;
  readonly isDryRun?: boolean;
};

/** What the configuration says about keeping things. */
export function pruneJob({ config, clock, host, random, isDryRun = false }: Asked): PruneJob {
  const { lineage, retention, extraction } = config;
  return {
    months: { history: lineage.retentionMonths, runs: retention.runsMonths, quarantine: retention.quarantineMonths },
    fullSnapshots: extraction.datasets.filter(({ snapshot }) => snapshot === 'full').map(({ name }) => name),
    isDryRun,
    clock,
    host,
    random,
  };
}
