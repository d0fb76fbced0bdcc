import type { Command } from 'commander';
import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { countRejects } from '../quarantine/count-rejects.ts';
import { discardRejects } from '../quarantine/discard.ts';
import type { RejectFilter } from '../quarantine/reject-filter.ts';
import { changeOperationalTables, withOperationalTables } from '../runs.ts';
import { confirmation } from './confirmation.ts';
import { connect } from './connect.ts';
import { helpEnd } from './help.ts';
import { jsonText } from './json.ts';
import { addFilterOptions, filterOf, type FilterOptions } from './quarantine-options.ts';
import type { World } from './world.ts';

type DiscardOptions = FilterOptions & { readonly yes?: boolean };

export function addDiscardCommand(quarantine: Command, world: World, end: (code: ExitCode) => void): void {
  addFilterOptions(
    quarantine
      .command('discard')
      .argument('[id...]', 'the numbers of the rejects, as list shows them')
      .description('Close open rejects that nobody will correct; they stay in the table, and are not opened again'),
  )
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      helpEnd(['projetus quarantine discard 17 18', 'projetus quarantine discard --dataset NAME --code orphan --yes']),
    )
    .action(async (ids: string[], _, command: Command) => {
      const options = command.optsWithGlobals<DiscardOptions>();
      const discarded = await discard(world, options, ids);
      if (options.json) world.stdout.write(jsonText({ schema: 'projetus.quarantine-discard/1', discarded }));
      else if (!options.quiet) world.stdout.write(`${discarded} rejects discarded\n`);
      end(exitCodes.done);
    });
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
