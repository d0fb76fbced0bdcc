import type { Command } from 'commander';
import type { ExitCode } from '../core/exit-codes.ts';
import { helpEnd } from './help.ts';
import { addDiscardCommand } from './quarantine-discard.ts';
import { addExportCommand } from './quarantine-export.ts';
import { addListCommand } from './quarantine-list.ts';
import { addRetryCommand } from './quarantine-retry.ts';
import { addShowCommand } from './quarantine-show.ts';
import type { World } from './world.ts';

export function addQuarantineCommand(program: Command, world: World, end: (code: ExitCode) => void): void {
  const quarantine = program
    .command('quarantine')
    .description('Rows that were refused: look at them, correct them, try them again')
    .addHelpText(
      'after',
      helpEnd(['projetus quarantine list', 'projetus quarantine export rejects.xlsx', 'projetus quarantine retry']),
    );
  for (const add of [addListCommand, addShowCommand, addExportCommand, addRetryCommand, addDiscardCommand])
    add(quarantine, world, end);
}
