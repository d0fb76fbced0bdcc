import type { Command } from 'commander';
import { examplesFirst } from '../help.ts';
import type { Defer } from './deferred.ts';

export function addHealthCommand(program: Command, defer: Defer): void {
  program
    .command('health')
    .description(
      'Say whether the runs take place and the data are there: exit code 0 healthy, 3 degraded, 6 unhealthy. Changes nothing, and answers within 5 seconds',
    )
    .option('--metrics', 'print metrics for Prometheus instead; the exit code is 0')
    .option(
      '--serve <[host:]port>',
      'answer GET /health, /live and /metrics over HTTP until it is stopped (default host: 127.0.0.1)',
    )
    .addHelpText(
      'before',
      examplesFirst(['projetus health', 'projetus health --quiet', 'projetus health --serve 8080', 'projetus health --metrics']),
    )
    .action(defer(() => import('../health.ts')));
}
