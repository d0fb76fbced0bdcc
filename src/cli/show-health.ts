import type { ChalkInstance } from 'chalk';
import type { HealthReport } from '../health/health.ts';
import { printable, table } from './style.ts';

/** A line for each check, and what it comes to. `onlyProblems`: without those that are well. */
export function healthText({ checks, message, status }: HealthReport, chalk: ChalkInstance, onlyProblems: boolean): string {
  const marks = { ok: chalk.green('✓'), warn: chalk.yellow('!'), fail: chalk.red('✗') };
  const shown = checks.filter((check) => !onlyProblems || check.status !== 'ok');
  const rows =
    shown.length === 0
      ? []
      : table(
          shown.map(({ name, message }) => [name, printable(message)]),
          2,
        );
  const colour = { healthy: chalk.green, degraded: chalk.yellow, unhealthy: chalk.red }[status];
  return `${[...rows.map((row, index) => `${marks[shown[index]!.status]} ${row}`), colour(printable(message))].join('\n')}\n`;
}
