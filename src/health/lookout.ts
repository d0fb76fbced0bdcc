import type { Config } from '../config/config.ts';
import type { Host } from '../core/host.ts';
import type { Seen } from './check.ts';
import { databaseLook } from './database-view.ts';
import { diskSpace } from './disk-space.ts';

export type HealthJob = {
  readonly config: Config;
  readonly host: Host;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
  /** For metrics: the numbers of the whole run log. */
  readonly withTally: boolean;
  /** How long the database may take; 4 s where nothing is said, so that a command answers within 5. */
  readonly databaseMs?: number;
};

/** Looks at everything once, each time that it is called. */
export function lookout({ config, host, clock, signal, withTally, databaseMs }: HealthJob): () => Promise<Seen> {
  const look = databaseLook(config, host, databaseMs);
  return async () => {
    const now = clock();
    // An alert that is still true is told again after repeat_hours: a delivery that failed before says nothing new.
    const failedSince = new Date(now.getTime() - config.alerting.repeatHours * 3_600_000);
    const [database, disk] = await Promise.all([look({ failedSince, withTally }, signal), diskSpace(config.extraction.rawDir)]);
    return { config, now, database, disk };
  };
}
