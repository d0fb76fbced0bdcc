import { sql } from 'kysely';
import { ProjetusError } from '../core/errors.ts';
import type { Counts } from '../core/report.ts';
import { count, type Classified } from '../load/classify.ts';
import type { Load } from '../load/load.ts';
import { countNewRejects } from '../quarantine/keep.ts';
import type { Examined, RunContext } from './examined.ts';

/**
 * The seven counts, each from a counter or statement of its own. Throws `unbalanced` when they do not add up to what
 * was read, or when a stored record is neither in the file, nor kept, nor vanished.
 */
export async function balance(
  context: RunContext,
  examined: Examined,
  load: Load,
  classified: Classified,
  duplicate: number,
): Promise<Counts> {
  const refused = sql.id(load.staging.refused);
  const { inserted, updated, unchanged, restored, vanished } = classified;
  const counts: Counts = {
    read: examined.sources.reduce((sum, source) => sum + source.report.rows, 0),
    inserted,
    updated,
    unchanged,
    restored,
    duplicate,
    filtered: await count(context.trx, sql`${refused} WHERE outcome = 'filtered'`),
    rejected: await count(context.trx, sql`${refused} WHERE outcome = 'rejected'`),
    vanished,
    new_rejects: await countNewRejects(context.trx, examined.dataset, load.staging.refused),
  };
  const sum = inserted + updated + unchanged + restored + duplicate + counts.filtered + counts.rejected;
  if (sum !== counts.read) throw unbalanced(examined, counts, `${counts.read} rows were read but ${sum} are accounted for`);
  checkStored(examined, classified, counts);
  return counts;
}

/** No sum of today's rows shows a vanish that was overlooked: what was stored has to be accounted for too. */
function checkStored(examined: Examined, { liveBefore, updated, unchanged, vanished, kept }: Classified, counts: Counts): void {
  const { snapshot, onVanish } = examined.dataset;
  const found = updated + unchanged + vanished + kept;
  const isWhole = snapshot === 'full' && onVanish !== 'ignore';
  if (isWhole ? found === liveBefore : found <= liveBefore) return;
  throw unbalanced(examined, counts, `${liveBefore} records were stored but ${found} (${kept} kept) are accounted for`);
}

function unbalanced({ dataset }: Examined, counts: Counts, what: string): ProjetusError {
  return new ProjetusError('unbalanced', `${dataset.name}: ${what} (${JSON.stringify(counts)}); nothing was published.`, {
    hint: 'this is a bug in projetus: please report it with the output of --json',
  });
}
