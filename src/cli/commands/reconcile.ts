import { Option, type Command } from 'commander';
import { auditLevels } from '../../reconcile/report.ts';
import { examplesFirst } from '../help.ts';
import type { Defer } from './deferred.ts';

export function addReconcileCommand(program: Command, defer: Defer): void {
  program
    .command('reconcile')
    .description('Compare the tables with the files that were published')
    .option('--run <id>', 'the run to audit, or the beginning of its id (default: the last published one of each dataset)')
    .option('--dataset <name...>', 'only these datasets (default: all)')
    .addOption(
      new Option('--level <level>', 'counts; keys reads the files again; content compares every value')
        .choices([...auditLevels])
        .default('counts'),
    )
    .addHelpText(
      'before',
      examplesFirst([
        'projetus reconcile',
        'projetus reconcile --level content --dataset NAME',
        'projetus reconcile --run 20261122T121500 --json',
      ]),
    )
    .action(defer(() => import('../reconcile.ts')));
}
