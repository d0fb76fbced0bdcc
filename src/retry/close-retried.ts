import { sql } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import { affected } from '../db/affected.ts';
import { unread } from '../db/tables.ts';
import type { Loading } from '../runs.ts';

/**
 * Closes the rejects that passed, under the key that they were loaded with. What `where` does not want any more is gone:
 * with another `where` it would be rejected, and open, again.
 */
export function closeRetried(trx: Loading): Promise<number> {
  return affected(
    trx,
    sql`
    UPDATE quarantine q SET status = CASE r.outcome WHEN 'filtered' THEN 'gone' ELSE 'retried' END, retried_key = r.key
    FROM _retry r WHERE r.quarantine_id = q.id AND r.outcome NOT IN ('rejected', 'superseded')`,
  );
}

/**
 * The next run of the same file must not take the short cut, nor may that of a child, whose orphans may have got a parent.
 */
export async function forgetReading(trx: Loading, name: string, stored: number, configured: readonly Dataset[]): Promise<void> {
  await trx.updateTable('datasets').set({ stored, reading_hash: unread }).where('name', '=', name).execute();
  const children = configured.filter(({ relations }) =>
    relations.some(({ references, onOrphan }) => references.dataset === name && onOrphan === 'reject'),
  );
  if (children.length === 0) return;
  const names = children.map((child) => child.name);
  await trx.updateTable('datasets').set({ reading_hash: unread }).where('name', 'in', names).execute();
}
