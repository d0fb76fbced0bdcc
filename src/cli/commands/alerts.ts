import type { Command } from 'commander';
import { examplesFirst } from '../help.ts';
import type { Defer } from './deferred.ts';

export function addAlertsCommand(program: Command, defer: Defer): void {
  const alerts = program
    .command('alerts')
    .description('What people were told, and trying the ways to them')
    .addHelpText('before', examplesFirst(['projetus alerts test', 'projetus alerts list']));
  for (const add of [addTest, addList, addAck]) add(alerts, defer);
}

function addTest(alerts: Command, defer: Defer): void {
  alerts
    .command('test')
    .option('--channel <name...>', 'only these channels (default: all that are enabled)')
    .description('Send a test message through the real channels, and say what the providers answer')
    .addHelpText('before', examplesFirst(['projetus alerts test', 'projetus alerts test --channel telegram --json']))
    .action(defer(() => import('../alerts-test.ts')));
}

function addList(alerts: Command, defer: Defer): void {
  alerts
    .command('list')
    .option('--all', 'those that ended too')
    .description('What is wrong now, since when, and what could not be delivered')
    .addHelpText('before', examplesFirst(['projetus alerts list', 'projetus alerts list --all --json']))
    .action(defer(() => import('../alerts-list.ts')));
}

function addAck(alerts: Command, defer: Defer): void {
  alerts
    .command('ack')
    .argument('[id...]', 'the numbers of the alerts, as list shows them')
    .option('--all', 'all that are open')
    .description('You know of it: it is not repeated, and its end is still told')
    .addHelpText('before', examplesFirst(['projetus alerts ack 17', 'projetus alerts ack --all']))
    .action(defer(() => import('../alerts-ack.ts')));
}
