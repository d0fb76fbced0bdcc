import { factsOf, type Check, type Seen } from '../check.ts';
import { counted, localTime } from '../wording.ts';

export function checkAlerts(seen: Seen): Check | null {
  const facts = factsOf(seen);
  if (!facts) return null;
  const name = 'alerts';
  const { timezone } = seen.config.extraction;
  if (facts.undelivered.length === 0) return { name, status: 'ok', message: 'none waits to be delivered' };
  const channels = facts.undelivered.map(
    ({ channel, deliveries, oldestAt }) => `${deliveries} to ${channel} since ${localTime(oldestAt, timezone)}`,
  );
  const total = facts.undelivered.reduce((sum, { deliveries }) => sum + deliveries, 0);
  const message = `${counted(total, 'message')} could not be delivered: ${channels.join(', ')}; projetus alerts test says why`;
  return { name, status: 'warn', message };
}
