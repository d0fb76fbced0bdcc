import type { Config } from '../config/config.ts';
import { openDatabase, type Database } from '../db/open-database.ts';
import type { World } from './world.ts';

/** Opens the configured database for a command that somebody waits for: one try. */
export function connect(world: World, { database: { url, schema } }: Config): Promise<Database> {
  return openDatabase({ url, schema, host: world.host, signal: world.signal, retryMs: 0, onRetry: () => undefined });
}
