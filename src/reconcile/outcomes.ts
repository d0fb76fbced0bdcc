import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import type { Tables } from '../db/tables.ts';
import { explanations, type Explanation, type Sample } from './report.ts';

/** The rows of one dataset that are not simply the same, in a temporary table: key, kind, and the reason when it is as it should be. */
export type Outcomes = {
  readonly trx: Kysely<Tables>;
  readonly dataset: Dataset;
  /** Name of the temporary table. */
  readonly table: string;
  /** The numbers of the files that are compared. */
  readonly sourceIds: readonly string[];
};

/** later: in both, written by a later run; it is not compared. */
type OutcomeKind = Sample['kind'] | 'later';

export async function createOutcomes(
  trx: Kysely<Tables>,
  dataset: Dataset,
  index: number,
  sourceIds: readonly string[],
): Promise<Outcomes> {
  const table = `_audited_${index}`;
  await sql`CREATE TEMP TABLE ${sql.id(table)} (key text NOT NULL, kind text NOT NULL, reason text) ON COMMIT DROP`.execute(trx);
  return { trx, dataset, table, sourceIds };
}

/** Adds what `rows` selects: keys as text. */
export async function addOutcomes(
  outcomes: Outcomes,
  kind: OutcomeKind,
  rows: RawBuilder<unknown>,
  reason?: Explanation,
): Promise<void> {
  await sql`
    INSERT INTO ${sql.id(outcomes.table)} (key, kind, reason)
    SELECT key, ${kind}, ${reason ?? null}::text FROM (${rows}) rows (key)`.execute(outcomes.trx);
}

/** Gives a reason to rows of a kind that have none yet and that `rows` selects: keys as text. */
export async function explain(
  outcomes: Outcomes,
  kind: OutcomeKind,
  reason: Explanation,
  rows: RawBuilder<unknown>,
): Promise<void> {
  await sql`
    UPDATE ${sql.id(outcomes.table)} o SET reason = ${reason}
    FROM (${rows}) rows (key) WHERE o.key = rows.key AND o.kind = ${kind} AND o.reason IS NULL`.execute(outcomes.trx);
}

/** Once the keys are compared: joins with them need to know how many there are. */
export async function analyzeOutcomes({ trx, table }: Outcomes): Promise<void> {
  await sql`ANALYZE ${sql.id(table)}`.execute(trx);
}

/** Files of the dataset that a later run, retry or undo logged: a row that names one has been written since. */
export function laterSources({ dataset, sourceIds }: Outcomes): RawBuilder<unknown> {
  return sql`(SELECT id FROM extraction_logs WHERE dataset = ${dataset.name} AND id > ${sourceIds.at(-1)!}::bigint)`;
}

/** Files of the dataset that were read before. */
export function earlierSources({ dataset, sourceIds }: Outcomes): RawBuilder<unknown> {
  return sql`(SELECT id FROM extraction_logs WHERE dataset = ${dataset.name} AND id < ${sourceIds[0]!}::bigint)`;
}

export type OutcomeCounts = {
  /** Rows without a reason, by kind. */
  readonly open: Readonly<Record<Sample['kind'], number>>;
  readonly explained: Partial<Record<Explanation, number>>;
};

export async function countOutcomes({ trx, table }: Outcomes): Promise<OutcomeCounts> {
  const { rows } = await sql<{ kind: OutcomeKind; reason: Explanation | null; n: number }>`
    SELECT kind, reason, count(*)::int AS n FROM ${sql.id(table)} GROUP BY kind, reason`.execute(trx);
  const open = { missing: 0, extra: 0, different: 0, altered: 0, unsourced: 0 };
  const explained: Partial<Record<Explanation, number>> = {};
  for (const { kind, reason, n } of rows) {
    if (kind !== 'later' && reason === null) open[kind] += n;
  }
  for (const reason of Object.keys(explanations) as Explanation[]) {
    const n = rows.filter((row) => row.reason === reason).reduce((sum, row) => sum + row.n, 0);
    if (n > 0) explained[reason] = n;
  }
  return { open, explained };
}
