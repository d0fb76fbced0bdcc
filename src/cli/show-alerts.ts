import type { ChalkInstance } from 'chalk';
import type { AlertList, ListedAlert, ListedDelivery } from '../tell/alert-list.ts';
import { printable } from './style.ts';

export function alertListText({ alerts, undelivered }: AlertList, chalk: ChalkInstance): string {
  const lines = alerts.length === 0 ? ['No alert is open.'] : alerts.flatMap((alert) => alertLines(alert, chalk));
  if (undelivered.length > 0) lines.push('', chalk.bold('Not delivered'), ...undelivered.map((one) => deliveryLine(one, chalk)));
  return `${lines.join('\n')}\n`;
}

function alertLines(alert: ListedAlert, chalk: ChalkInstance): string[] {
  const paint = alert.status === 'resolved' ? chalk.dim : alert.severity === 'critical' ? chalk.red : chalk.yellow;
  const told = alert.last_told_at === null ? 'not told' : `told ${minute(alert.last_told_at)}`;
  const times = [`since ${minute(alert.first_seen_at)}`, `seen ${minute(alert.last_seen_at)}`, told];
  if (alert.acked_at !== null) times.push(`acknowledged ${minute(alert.acked_at)} by ${printable(alert.acked_by ?? '?')}`);
  if (alert.resolved_at !== null) times.push(`ended ${minute(alert.resolved_at)}`);
  return [
    `${alert.id.padStart(4)}  ${paint(alert.severity.padEnd(8))}  ${printable(alert.message)} ${chalk.dim(`[${alert.code}]`)}`,
    `      ${chalk.dim(times.join(', '))}`,
  ];
}

function deliveryLine({ id, channel, status, attempts, answer, created_at }: ListedDelivery, chalk: ChalkInstance): string {
  const state = status === 'failed' ? chalk.red('refused') : chalk.yellow('will be tried again');
  return `${id.padStart(4)}  ${channel}, of ${minute(created_at)}: ${state} after ${attempts} tries: ${printable(answer ?? 'no answer')}`;
}

/** UTC, as all of our logs. */
function minute(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')}Z`;
}
