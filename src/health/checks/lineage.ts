import { cutoffs } from '../../retention/cutoffs.ts';
import { factsOf, type Check, type Seen } from '../check.ts';
import { bytes, counted } from '../wording.ts';

/** Every run makes the partitions of two months ahead; the first of a month that publishes drops those that are too old. */
export function checkLineage(seen: Seen): Check | null {
  const facts = factsOf(seen);
  if (!facts) return null;
  const name = 'lineage';
  const { partitions, sizeBytes } = facts.lineage;
  if (facts.runs.length === 0) return { name, status: 'ok', message: 'no history yet' };
  const { now, config } = seen;
  const months = config.lineage.retentionMonths;
  // A month more than is kept: until the first run of a month nothing is wrong.
  const oldest = partitionOf(cutoffs({ history: months + 1, runs: 1, quarantine: 1 }, now).history);
  const expired = partitions.filter((partition) => /_\d{4}_\d{2}$/.test(partition) && partition < oldest);
  const next = partitionOf(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)));
  const size = `the history is ${bytes(sizeBytes)} in ${counted(partitions.length, 'month')}`;
  if (!partitions.includes(next)) return { name, status: 'warn', message: `${size}; ${next} is missing: the next run makes it` };
  if (expired.length > 0) {
    const message = `${size}; ${counted(expired.length, 'month')} older than the ${months} that are kept: projetus lineage prune`;
    return { name, status: 'warn', message };
  }
  return { name, status: 'ok', message: size };
}

function partitionOf(month: Date): string {
  return `lineage_history_${month.toISOString().slice(0, 7).replace('-', '_')}`;
}
