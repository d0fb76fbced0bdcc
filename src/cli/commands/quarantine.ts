import { InvalidArgumentError, Option, type Command } from 'commander';
import { examplesFirst } from '../help.ts';
import { rejectStatuses, shownRejects } from '../quarantine-filter.ts';
import type { Defer } from './deferred.ts';

export function addQuarantineCommand(program: Command, defer: Defer): void {
  const quarantine = program
    .command('quarantine')
    .description('Rows that were refused: look at them, correct them, try them again')
    .addHelpText(
      'before',
      examplesFirst(['projetus quarantine list', 'projetus quarantine export rejects.xlsx', 'projetus quarantine retry']),
    );
  for (const add of [addList, addShow, addExport, addRetry, addDiscard]) add(quarantine, defer);
}

function addList(quarantine: Command, defer: Defer): void {
  addFilterOptions(quarantine.command('list').description('The rejects, newest first, and how many there are of each kind'))
    .addOption(statusOption())
    .option('--limit <n>', `how many rows to show (default: ${shownRejects}; with --json all)`, rowCount)
    .addHelpText(
      'before',
      examplesFirst([
        'projetus quarantine list',
        'projetus quarantine list --dataset NAME --code type-error --status all --json',
      ]),
    )
    .action(defer(() => import('../quarantine-list.ts')));
}

function addShow(quarantine: Command, defer: Defer): void {
  quarantine
    .command('show')
    .argument('<id>', 'the number of the reject, as list shows it')
    .description('One reject: every error, and its cells under their headers')
    .addHelpText('before', examplesFirst(['projetus quarantine show 17', 'projetus quarantine show 17 --json']))
    .action(defer(() => import('../quarantine-show.ts')));
}

function addExport(quarantine: Command, defer: Defer): void {
  addFilterOptions(
    quarantine
      .command('export')
      .argument('<file>', 'a .csv or an .xlsx; .xlsx keeps zeros in front and long numbers when Excel opens it')
      .description('Write rejects to a file, cells as they were read, to be corrected and given back with retry --from'),
  )
    .addOption(statusOption())
    .option('--force', 'replace a file that exists')
    .addHelpText(
      'before',
      examplesFirst(['projetus quarantine export rejects.xlsx', 'projetus quarantine export rejects.csv --dataset NAME']),
    )
    .action(defer(() => import('../quarantine-export.ts')));
}

function addRetry(quarantine: Command, defer: Defer): void {
  addFilterOptions(
    quarantine
      .command('retry')
      .description('Try open rejects again under the configuration of now; those that pass are loaded and closed'),
  )
    .option('--from <file>', 'an export that came back corrected: its rows are tried')
    .option('--force', 'load a reject even when the table has a newer record with its key')
    .addHelpText(
      'before',
      examplesFirst([
        'projetus quarantine retry',
        'projetus quarantine retry --from corrected.xlsx',
        'projetus quarantine retry --dataset NAME --code enum',
      ]),
    )
    .action(defer(() => import('../quarantine-retry.ts')));
}

function addDiscard(quarantine: Command, defer: Defer): void {
  addFilterOptions(
    quarantine
      .command('discard')
      .argument('[id...]', 'the numbers of the rejects, as list shows them')
      .description('Close open rejects that nobody will correct; they stay in the table, and are not opened again'),
  )
    .option('--yes', 'do not ask')
    .addHelpText(
      'before',
      examplesFirst(['projetus quarantine discard 17 18', 'projetus quarantine discard --dataset NAME --code orphan --yes']),
    )
    .action(defer(() => import('../quarantine-discard.ts')));
}

/** `--run`, `--dataset` and `--code`: what several commands choose rejects by. */
function addFilterOptions(command: Command): Command {
  return command
    .option('--run <id...>', 'only those that these runs found; the beginning of an id will do')
    .option('--dataset <name...>', 'only those of these datasets')
    .option('--code <code...>', 'only rows with one of these reject codes');
}

function statusOption(): Option {
  const option = new Option('--status <status...>', 'only those with this status, or all of them').choices([
    ...rejectStatuses,
    'all',
  ]);
  return option.default(['open'], 'open');
}

function rowCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('it has to be a whole number from 1.');
  return Number(text);
}
