import { factsOf, type Check, type Seen } from '../check.ts';

export function checkMigrations(seen: Seen): Check | null {
  const facts = factsOf(seen);
  if (!facts) return null;
  const name = 'migrations';
  const { pending, unknown } = facts.migrations;
  if (unknown.length > 0) {
    const message = `the database has ${unknown.join(', ')}, which this version does not know; runs will fail: use the newer version that made it`;
    return { name, status: 'fail', message };
  }
  if (pending.length > 0)
    return { name, status: 'warn', message: `${pending.join(', ')} pending; the next run applies what is missing` };
  return { name, status: 'ok', message: 'all are applied' };
}
