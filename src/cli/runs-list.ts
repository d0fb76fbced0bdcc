import { loadConfig } from '../config/load-config.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { listRuns, type RunsReport } from '../run-log.ts';
import { withOperationalTables } from '../runs.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import { runsText } from './show-runs.ts';
import { styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

type ListOptions = CommonOptions & { readonly limit: number };

export async function action(world: World, options: ListOptions): Promise<ExitCode> {
  const config = await loadConfig({ path: options.config, env: world.env });
  await using database = await connect(world, config);
  const none: RunsReport = { schema: 'projetus.runs/1', runs: [] };
  const report = (await withOperationalTables(database, (db) => listRuns(db, options.limit))) ?? none;
  world.stdout.write(options.json ? jsonText(report) : runsText(report, styleFor(world.stdout, world, options)));
  return exitCodes.done;
}
