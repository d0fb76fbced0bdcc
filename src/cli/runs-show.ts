import { loadConfig } from '../config/load-config.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { findRun, unknownRun } from '../run-log.ts';
import { withOperationalTables } from '../runs.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import { storedDocument, storedText } from './show-runs.ts';
import { styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

export async function action(world: World, options: CommonOptions, id: string): Promise<ExitCode> {
  const config = await loadConfig({ path: options.config, env: world.env });
  await using database = await connect(world, config);
  const run = await withOperationalTables(database, (db) => findRun(db, id));
  if (!run) throw unknownRun(id);
  world.stdout.write(
    options.json
      ? jsonText(storedDocument(run))
      : storedText(run, styleFor(world.stdout, world, options), Boolean(options.verbose)),
  );
  return exitCodes.done;
}
