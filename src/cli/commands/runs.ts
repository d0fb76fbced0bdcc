import type { Command } from 'commander';
import { examplesFirst } from '../help.ts';
import type { Defer } from './deferred.ts';
import { wholeNumber } from './whole-number.ts';

export function addRunsCommand(program: Command, defer: Defer): void {
  const runs = program
    .command('runs')
    .description('What was done when, and taking it back')
    .addHelpText('before', examplesFirst(['projetus runs list', 'projetus runs undo 20261122T121500-3f9a1c --dry-run']));
  for (const add of [addList, addShow, addUndo]) add(runs, defer);
}

function addList(runs: Command, defer: Defer): void {
  runs
    .command('list')
    .option('--limit <count>', 'how many', wholeNumber, 20)
    .description('The newest runs: when, how they ended, and their counts')
    .addHelpText('before', examplesFirst(['projetus runs list', 'projetus runs list --limit 365 --json']))
    .action(defer(() => import('../runs-list.ts')));
}

function addShow(runs: Command, defer: Defer): void {
  runs
    .command('show')
    .argument('<id>', 'the run, or the beginning of its id')
    .description('The report of one run, as it was stored')
    .addHelpText('before', examplesFirst(['projetus runs show 20261122T121500-3f9a1c', 'projetus runs show 20261122 --json']))
    .action(defer(() => import('../runs-show.ts')));
}

function addUndo(runs: Command, defer: Defer): void {
  runs
    .command('undo')
    .argument('<id>', 'the run, or the beginning of its id')
    .option('--dry-run', 'do everything, show it, and roll it back')
    .option('--yes', 'do not ask')
    .description('Give the records that a run changed the values from before it; what later runs changed stays, and is listed')
    .addHelpText(
      'before',
      examplesFirst(['projetus runs undo 20261122T121500-3f9a1c --dry-run', 'projetus runs undo 20261122T121500-3f9a1c --yes']),
    )
    .action(defer(() => import('../runs-undo.ts')));
}
