import { sql, type RawBuilder } from 'kysely';
import { entityIdSql } from '../load/keys.ts';
import type { Load } from '../load/load.ts';
import { tableState } from '../load/table-catalog.ts';
import { addOutcomes, analyzeOutcomes, earlierSources, explain, laterSources, type Outcomes } from './outcomes.ts';

/** Finds the keys that only the files have, and those that only the table has; then, which of them are as they should be. */
export async function findKeyDifferences(outcomes: Outcomes, load: Load): Promise<void> {
  const target = sql.id(load.dataset.name);
  const staged = sql.id(load.staging.records);
  const key = sql.id(load.key.column);
  await addOutcomes(
    outcomes,
    'missing',
    sql`SELECT s.${key}::text FROM ${staged} s
        WHERE NOT EXISTS (SELECT FROM ${target} t WHERE t.${key} = s.${key} AND t._vanished_at IS NULL)`,
  );
  await addOutcomes(
    outcomes,
    'extra',
    sql`SELECT t.${key}::text FROM ${target} t
        WHERE t._vanished_at IS NULL AND NOT EXISTS (SELECT FROM ${staged} s WHERE s.${key} = t.${key})`,
  );
  const both = sql`SELECT t.${key}::text FROM ${target} t JOIN ${staged} s ON s.${key} = t.${key} AND t._vanished_at IS NULL`;
  await addOutcomes(outcomes, 'later', sql`${both} WHERE t._source_id IN ${laterSources(outcomes)}`, 'later-run');
  await analyzeOutcomes(outcomes);
  await explainMissing(outcomes, load);
  await explainExtra(outcomes, load);
  await findWrongMarks(outcomes, load);
}

/** Rows whose mark no run has set: they should be live, whether or not the files hold them. */
async function findWrongMarks(outcomes: Outcomes, load: Load): Promise<void> {
  const key = sql`${sql.raw(entityIdSql(load.key, 't'))}::text`;
  await addOutcomes(
    outcomes,
    'missing',
    sql`SELECT ${key} FROM ${sql.id(load.dataset.name)} t
        WHERE t._vanished_at IS NOT NULL AND t._operation <> 'vanish'
          AND NOT EXISTS (SELECT FROM ${sql.id(outcomes.table)} o WHERE o.key = ${key} AND o.kind = 'missing')`,
  );
}

async function explainMissing(outcomes: Outcomes, load: Load): Promise<void> {
  const key = sql.raw(entityIdSql(load.key, 't'));
  const later = laterSources(outcomes);
  await explain(
    outcomes,
    'missing',
    'later-run',
    sql`SELECT ${key}::text FROM ${sql.id(load.dataset.name)} t WHERE t._source_id IN ${later}`,
  );
  await explain(
    outcomes,
    'missing',
    'later-run',
    sql`SELECT entity_id FROM lineage_history
        WHERE entity_type = ${load.dataset.entity} AND operation = 'vanish' AND source_id IN ${later}`,
  );
  for (const rows of await arrivedParents(outcomes, load)) await explain(outcomes, 'missing', 'parent-later', rows);
}

/** Rows that were orphans when the run rejected them: what they refer to came with a later file. */
async function arrivedParents({ trx, sourceIds }: Outcomes, load: Load): Promise<RawBuilder<unknown>[]> {
  const found: RawBuilder<unknown>[] = [];
  for (const { column, references, onOrphan } of load.dataset.relations) {
    if (onOrphan !== 'reject' || !(await tableState(trx, references.dataset)).columns.has(references.column)) continue;
    found.push(sql`
      SELECT s.${sql.id(load.key.column)}::text FROM ${sql.id(load.staging.records)} s
      JOIN (
        SELECT ${sql.id(references.column)}::text AS value FROM ${sql.id(references.dataset)}
        WHERE _vanished_at IS NULL AND ${sql.id(references.column)} IS NOT NULL
        GROUP BY 1 HAVING min(_source_id) > ${sourceIds.at(-1)!}::bigint AND bool_or(_operation IN ('insert', 'restore'))
      ) p ON p.value = s.${sql.id(column)}::text`);
  }
  return found;
}

async function explainExtra(outcomes: Outcomes, load: Load): Promise<void> {
  const { dataset } = load;
  // A live row whose last operation was to vanish had its mark taken away by hand.
  const live = sql`SELECT ${sql.raw(entityIdSql(load.key, 't'))}::text
    FROM (SELECT * FROM ${sql.id(dataset.name)} WHERE _operation <> 'vanish') t`;
  const refused = sql.id(load.staging.refused);
  const earlier = earlierSources(outcomes);
  await explain(outcomes, 'extra', 'later-run', sql`${live} WHERE t._source_id IN ${laterSources(outcomes)}`);
  // A row that is an orphan today may have had its parent when it was loaded; any other reject was one then as well.
  await explain(
    outcomes,
    'extra',
    'kept',
    sql`${live} JOIN ${refused} r ON r.key = ${sql.ref(`t.${load.key.column}`)} AND r.outcome = 'rejected'
        WHERE t._source_id IN ${earlier} OR r.errors -> 0 ->> 'code' = 'orphan'`,
  );
  if (dataset.snapshot === 'full' && dataset.onVanish !== 'ignore') return;
  await explain(outcomes, 'extra', 'earlier-file', sql`${live} WHERE t._source_id IN ${earlier}`);
}
