import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import type { Tables } from '../db/tables.ts';
import { datasetsWithRejects } from '../quarantine/count-rejects.ts';
import type { RejectFilter } from '../quarantine/reject-filter.ts';

export type Triable = {
  readonly datasets: readonly Dataset[];
  readonly skipped: { dataset: string; reason: string }[];
};

/** The datasets with such rejects that can be retried: those that are configured and have been published. */
export async function triable(db: Kysely<Tables>, filter: RejectFilter, configured: readonly Dataset[]): Promise<Triable> {
  const published = await publishedDatasets(db);
  const names = await datasetsWithRejects(db, filter);
  const skipped = names.flatMap((dataset) => {
    if (!configured.some(({ name }) => name === dataset)) return [{ dataset, reason: 'it is not configured any more' }];
    // The other rows of its file are not there either: that file has to be run.
    if (!published.has(dataset)) return [{ dataset, reason: 'it was never published; projetus run has to come first' }];
    return [];
  });
  const left = names.filter((name) => !skipped.some(({ dataset }) => dataset === name));
  return { datasets: configured.filter(({ name }) => left.includes(name)), skipped };
}

async function publishedDatasets(db: Kysely<Tables>): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('datasets')
    .select('name')
    // A person may have dropped the table, to have it loaded again.
    .where(sql<boolean>`to_regclass(quote_ident(name)) IS NOT NULL`)
    .execute();
  return new Set(rows.map(({ name }) => name));
}
