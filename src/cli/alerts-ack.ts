import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { changeOperationalTables } from '../runs.ts';
import { ackAlerts } from '../tell/alert-list.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import type { CommonOptions, World } from './world.ts';

type AckOptions = CommonOptions & { readonly all?: boolean };

export async function action(world: World, options: AckOptions, ids: string[]): Promise<ExitCode> {
  const acked = await ack(world, options, options.all ? 'all' : wanted(ids));
  if (options.json) world.stdout.write(jsonText({ schema: 'projetus.alerts-ack/1', acked }));
  else if (!options.quiet) world.stdout.write(`${acked} ${acked === 1 ? 'alert' : 'alerts'} will not be repeated\n`);
  return exitCodes.done;
}

/** Throws `usage` for what is no number of an alert. */
function wanted(ids: readonly string[]): readonly string[] {
  const hint = 'projetus alerts list shows the numbers; --all takes all that are open';
  if (ids.length === 0) throw new ProjetusError('usage', 'ack has to be told which alerts.', { hint });
  const wrong = ids.find((id) => !/^\d{1,18}$/.test(id));
  if (wrong !== undefined) throw new ProjetusError('usage', `${wrong} is no number of an alert.`, { hint });
  return ids;
}

async function ack(world: World, options: AckOptions, ids: readonly string[] | 'all'): Promise<number> {
  const config = await loadConfig({ path: options.config, env: world.env });
  await using database = await connect(world, config);
  const by = `${world.host.user}@${world.host.hostname}`;
  const result = await changeOperationalTables(database, (trx) => ackAlerts(trx, ids, by, world.clock()));
  if (ids !== 'all' && !result?.acked) {
    throw new ProjetusError('usage', `No open alert has the number ${ids.join(', ')}.`, {
      hint: 'projetus alerts list shows them',
    });
  }
  return result?.acked ?? 0;
}
