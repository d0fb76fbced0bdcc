import { loadConfig } from '../config/load-config.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { withOperationalTables } from '../runs.ts';
import { listAlerts, type AlertList } from '../tell/alert-list.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import { alertListText } from './show-alerts.ts';
import { styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

type ListOptions = CommonOptions & { readonly all?: boolean };

export async function action(world: World, options: ListOptions): Promise<ExitCode> {
  const config = await loadConfig({ path: options.config, env: world.env });
  await using database = await connect(world, config);
  const none: AlertList = { schema: 'projetus.alerts/1', alerts: [], undelivered: [] };
  const list = (await withOperationalTables(database, (db) => listAlerts(db, Boolean(options.all)))) ?? none;
  world.stdout.write(options.json ? jsonText(list) : alertListText(list, styleFor(world.stdout, world, options)));
  return exitCodes.done;
}
