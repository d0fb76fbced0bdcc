import type { Config } from '../config/config.ts';
import type { DatabaseView } from './database-view.ts';
import type { DiskSpace } from './disk-space.ts';
import type { Facts } from './facts.ts';

/** One thing that was looked at. `message` says what was found, with numbers, and what to do when it is not `ok`. */
export type Check = { readonly name: string; readonly status: 'ok' | 'warn' | 'fail'; readonly message: string };

/** All that is judged; a check looks at nothing itself. */
export type Seen = {
  readonly config: Config;
  readonly now: Date;
  readonly database: DatabaseView;
  /** Of raw_dir. */
  readonly disk: DiskSpace;
};

/** What was read from the database; null when it could not be read. */
export function factsOf({ database }: Pick<Seen, 'database'>): Facts | null {
  return database.state === 'read' || database.state === 'absent' ? database.facts : null;
}
