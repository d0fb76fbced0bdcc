import type { Command } from 'commander';
import { examplesFirst } from '../help.ts';
import type { Defer } from './deferred.ts';
import { wholeNumber } from './whole-number.ts';

export function addLineageCommand(program: Command, defer: Defer): void {
  const lineage = program
    .command('lineage')
    .description('Where a stored value comes from')
    .addHelpText('before', examplesFirst(['projetus lineage show ENTITY 1234567']));
  for (const add of [addShow, addRun, addFile, addPrune]) add(lineage, defer);
}

function addShow(lineage: Command, defer: Defer): void {
  lineage
    .command('show')
    .argument('<entity>', 'the entity of a dataset, as the configuration names it')
    .argument('<id...>', 'its key; several are the parts of one key, \\N is a blank part')
    .description('Every version of one record: when, which run, file and line, and what changed')
    .addHelpText(
      'before',
      examplesFirst(['projetus lineage show ENTITY 1234567', 'projetus lineage show ENTITY 98765 1234567 --json']),
    )
    .action(defer(() => import('../lineage-show.ts')));
}

function addRun(lineage: Command, defer: Defer): void {
  lineage
    .command('run')
    .argument('<id>', 'the run, or the beginning of its id')
    .option('--samples <count>', 'how many records to show of each operation', wholeNumber, 5)
    .description('What one run did: files, operations, and some of the records')
    .addHelpText(
      'before',
      examplesFirst(['projetus lineage run 20261122T121500-3f9a1c', 'projetus lineage run 20261122 --samples 50 --json']),
    )
    .action(defer(() => import('../lineage-run.ts')));
}

function addFile(lineage: Command, defer: Defer): void {
  lineage
    .command('file')
    .argument('<path-or-sha256>', 'a file, or its SHA-256 or the beginning of it')
    .description('Which runs read a file, and how many records have their values from it')
    .addHelpText(
      'before',
      examplesFirst(['projetus lineage file data/raw/2026-11-22/FILE.csv', 'projetus lineage file 9f86d081884c7d65 --json']),
    )
    .action(defer(() => import('../lineage-file.ts')));
}

function addPrune(lineage: Command, defer: Defer): void {
  lineage
    .command('prune')
    .option('--dry-run', 'say what would go, and remove nothing')
    .description('Remove what is older than lineage.retention_months and retention; a run does it once a month by itself')
    .addHelpText('before', examplesFirst(['projetus lineage prune --dry-run', 'projetus lineage prune']))
    .action(defer(() => import('../lineage-prune.ts')));
}
