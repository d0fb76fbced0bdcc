import type { Command } from 'commander';
import { examplesFirst } from '../help.ts';
import type { Defer } from './deferred.ts';

export function addFetchCommand(program: Command, defer: Defer): void {
  program
    .command('fetch')
    .addHelpText(
      'before',
      examplesFirst(['projetus fetch', 'projetus fetch --dataset NAME', 'projetus fetch --date 2026-11-20 --json']),
    )
    .description('Fetch the files of datasets that have an url into the day’s folder; run does it by itself')
    .option('--dataset <name...>', 'only the files of these datasets (default: all)')
    .option('--date <YYYY-MM-DD>', 'keep them as the files of that day (default: today)')
    .action(defer(() => import('../fetch.ts')));
}
