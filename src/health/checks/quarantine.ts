import { factsOf, type Check, type Seen } from '../check.ts';
import { counted } from '../wording.ts';

/**
 * A publisher's broken rows stay broken for years: old ones are a number, and only new ones a warning, until the next run.
 */
export function checkQuarantine(seen: Seen): Check | null {
  const facts = factsOf(seen);
  if (!facts) return null;
  const name = 'quarantine';
  const open = facts.openRejects.reduce((sum, { rejects }) => sum + rejects, 0);
  const isNew = facts.newest.filter(({ newRejects }) => newRejects > 0);
  const known = `${counted(open, 'refused row')} ${open === 1 ? 'is' : 'are'} open`;
  if (isNew.length === 0 || open === 0) return { name, status: 'ok', message: known };
  const which = isNew.map(({ name, newRejects }) => `${newRejects.toLocaleString('en-US')} of ${name}`);
  return { name, status: 'warn', message: `${known}; new in the newest run: ${which.join(', ')}: projetus quarantine list` };
}
