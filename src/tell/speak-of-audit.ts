import { openChannels } from '../alert/channels/open-channels.ts';
import type { Alert } from '../core/report.ts';
import type { Database } from '../db/open-database.ts';
import type { SpeakJob } from './speak.ts';
import { tell, type Told } from './tell.ts';

/** Somebody may sit before the screen. */
const budgetMs = 15_000;

/** Tells people what an audit found; a mismatch ends when an audit of its dataset finds none. Never throws. */
export function speakOfAudit(
  { config, pipelineVersion, clock, network }: Omit<SpeakJob, 'signal' | 'host'>,
  {
    alerts,
    matching,
    level,
  }: { readonly alerts: readonly Alert[]; readonly matching: readonly string[]; readonly level: string },
  database: Database,
): Promise<Told[]> {
  const { alerting, extraction } = config;
  const channels = openChannels(alerting.channels, network);
  return tell(
    { alerting, timezone: extraction.timezone, channels, pipelineVersion, clock, budgetMs },
    {
      alerts,
      extra: [],
      runId: null,
      businessDate: null,
      // Counts may agree where contents do not.
      mayEnd: ({ code, dataset, facts }) =>
        code === 'reconcile-mismatch' && dataset !== null && matching.includes(dataset) && facts['level'] === level,
    },
    database,
  );
}
