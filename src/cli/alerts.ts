import type { Command } from 'commander';
import type { ExitCode } from '../core/exit-codes.ts';
import { addAckCommand } from './alerts-ack.ts';
import { addAlertListCommand } from './alerts-list.ts';
import { addAlertTestCommand } from './alerts-test.ts';
import { helpEnd } from './help.ts';
import type { World } from './world.ts';

export function addAlertsCommand(program: Command, world: World, end: (code: ExitCode) => void): void {
  const alerts = program
    .command('alerts')
    .description('What people were told, and trying the ways to them')
    .addHelpText('after', helpEnd(['projetus alerts test', 'projetus alerts list']));
  addAlertTestCommand(alerts, world, end);
  addAlertListCommand(alerts, world, end);
  addAckCommand(alerts, world, end);
}
