import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { countRejects } from '../quarantine/count-rejects.ts';
import { discardRejects } from '../quarantine/discard.ts';
import type { RejectFilter } from '../quarantine/reject-filter.ts';
import { changeOperationalTables, withOperationalTables } from '../runs.ts';
import { confirmation } from './confirmation.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import { filterOf, type FilterOptions } from './quarantine-filter.ts';
import type { World } from './world.ts';

type DiscardOptions = FilterOptions & { readonly yes?: boolean };

export async function action(world: World, options: DiscardOptions, ids: string[]): Promise<ExitCode> {
  const discarded = await discard(world, options, ids);
  if (options.json) world.stdout.write(jsonText({ schema: 'projetus.quarantine-discard/1', discarded }));
  else if (!options.quiet) world.stdout.write(`${discarded} rejects discarded\n`);
  return exitCodes.done;
}

async function discard(world: World, options: DiscardOptions, ids: readonly string[]): Promise<number> {
  const config = await loadConfig({ path: options.config, env: world.env });
  const filter = filterOf(options, config, ids);
  if ([filter.ids, filter.runs, filter.datasets, filter.codes].every((list) => list.length === 0)) {
    throw new ProjetusError('usage', 'discard has to be told which rejects.', {
      hint: 'give their numbers, or choose with --run, --dataset or --code',
    });
  }
  await using database = await connect(world, config);
  const ask = options.yes || options.json ? null : confirmation(world);
  if (ask) {
    const open: RejectFilter = { ...filter, statuses: ['open'] };
    const counts = await withOperationalTables(database, (db) => countRejects(db, open));
    if (counts && counts.total > 0 && !(await ask(`Discard ${counts.total} open rejects?`))) {
      throw new ProjetusError('declined', 'Nothing was discarded.', { hint: 'add --yes to discard without the question' });
    }
  }
  return (await changeOperationalTables(database, (trx) => discardRejects(trx, filter))) ?? 0;
}
