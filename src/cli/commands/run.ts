import type { Command } from 'commander';
import { guards } from '../../core/guard.ts';
import { examplesFirst } from '../help.ts';
import type { Defer } from './deferred.ts';
import { duration } from './duration.ts';

export function addRunCommand(program: Command, defer: Defer): void {
  addRunOptions(program.command('run'))
    .description('Load the day’s files into the database, whole or not at all')
    .option('--dry-run', 'do everything, show it, and roll it back')
    .option('--yes', 'do not ask before loading into a database that holds data')
    .addHelpText(
      'before',
      examplesFirst([
        'projetus run',
        'projetus run --dry-run',
        'projetus run --timeout 90m',
        'projetus run --dataset NAME --date 2026-11-20',
        'projetus run --accept volume:NAME',
        'DATABASE_URL=postgres://user@host/db projetus run --json',
      ]),
    )
    .action(defer(() => import('../run.ts')));
}

export function addDryRunCommand(program: Command, defer: Defer): void {
  addRunOptions(program.command('dry-run'))
    .description('Show what the next run would do; nothing is written (the same as run --dry-run)')
    .setOptionValue('dryRun', true)
    .addHelpText('before', examplesFirst(['projetus dry-run', 'projetus dry-run --json --out report.json']))
    .action(defer(() => import('../run.ts')));
}

function addRunOptions(command: Command): Command {
  return command
    .option('--dataset <name...>', 'only these datasets (default: all)')
    .option('--date <YYYY-MM-DD>', 'the business date: read the folder of that day (default: the newest folder, as of today)')
    .option('--no-fetch', 'read the files that are there; ask for none of an url')
    .option('--force', 'parse files that are known already; allow an older --date')
    .option('--accept <guard:name...>', `let a dataset pass a guard this once (${guards.join(', ')})`)
    .option('--timeout <duration>', 'end a run that takes longer, as SIGTERM would: 90m, 2h, 1h30m (default: none)', duration)
    .option('--strict', 'warnings end with exit code 3')
    .option('--out <file>', 'write the JSON report to a file too, with the time in its name');
}
