import { sql, type Kysely, type RawBuilder } from 'kysely';
import { affected } from '../db/affected.ts';
import type { Tables } from '../db/tables.ts';
import { changedColumns, lastTexts, noText, textOf } from './changed-columns.ts';
import type { Load } from './load.ts';
import { analyze } from './statistics.ts';
import { isUnmet } from './unmet.ts';
import { createWorkTable } from './work-tables.ts';

export type Classified = {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly restored: number;
  readonly vanished: number;
  /** Live rows of the table before the run. */
  readonly liveBefore: number;
  /** Stored keys that only a rejected row came for: their stored version stays. */
  readonly kept: number;
};

/** What is known before a comparison. */
export type Before = {
  /** Records that are not staged, since the reader met them as they are stored. */
  readonly metCount: number;
  /** Live rows of the table; null: nobody counted them yet. */
  readonly liveBefore: number | null;
};

/**
 * Compares what is staged with what is stored, into the list of changes. Nothing is written to the target.
 * Every count has a statement of its own: a mistake in one shows as a run that does not balance.
 */
export async function classify(trx: Kysely<Tables>, load: Load, before: Before): Promise<Classified> {
  const staged = await count(trx, sql`${sql.id(load.staging.records)}`);
  if (load.ddl.isNew) {
    await createEmptyChanges(trx, load);
    return { inserted: staged, updated: 0, unchanged: 0, restored: 0, vanished: 0, liveBefore: 0, kept: 0 };
  }
  const target = sql.id(load.dataset.name);
  const liveBefore = before.liveBefore ?? (await count(trx, sql`${target} WHERE _vanished_at IS NULL`));
  await setPlanner(trx, load, { table: load.staging.records, key: load.key.column, rows: staged }, liveBefore);
  const changes = await createChanges(trx, load);
  await setPlanner(trx, load, { table: load.changes, key: 'key', rows: changes }, liveBefore);
  const counts = await countChanges(trx, load);
  return { ...counts, unchanged: counts.unchanged + before.metCount, liveBefore };
}

type List = { readonly table: string; readonly key: string; readonly rows: number };

/**
 * With statistics taken while the table was empty, the anti-join over full staging becomes quadratic: it was ended after
 * 90 s where a hash join takes 5. But `enable_nestloop = off` makes a small day slow (2.20 s instead of 1.50), so it
 * is for more than a fifth of the table; a smaller list is analyzed. 4 MB of work_mem cost 1.6 s a million rows.
 */
async function setPlanner(trx: Kysely<Tables>, { dataset }: Load, list: List, targetRows: number): Promise<void> {
  // Set for the whole transaction: see `setDistribution`.
  if (dataset.distribution !== 'none') return;
  const isLarge = list.rows * 5 > targetRows;
  // The key alone: all 20 columns of 14,000 rows took 0.2 s, and nothing is asked of the others.
  if (!isLarge) await analyze(trx, dataset, list.table, list.key);
  await sql`SELECT set_config('enable_nestloop', ${isLarge ? 'off' : 'on'}, true), set_config('work_mem', '64MB', true)`.execute(
    trx,
  );
}

async function createEmptyChanges(trx: Kysely<Tables>, { dataset, changes, key }: Load): Promise<void> {
  await createWorkTable(trx, dataset, changes, `key ${key.sqlType}, operation text, changes jsonb`, 'key');
}

/** Returns how many there are, for the planner alone. */
async function createChanges(trx: Kysely<Tables>, load: Load): Promise<number> {
  const staged = sql.id(load.staging.records);
  const target = sql.id(load.dataset.name);
  const key = sql.id(load.key.column);
  const vanishes = load.dataset.snapshot === 'full' && load.dataset.onVanish !== 'ignore';
  await createEmptyChanges(trx, load);
  const changed = await affected(
    trx,
    sql`
      INSERT INTO ${sql.id(load.changes)}
      SELECT s.${key}, CASE WHEN t._vanished_at IS NULL THEN 'update' ELSE 'restore' END, ${changesOf(load)}
      FROM ${staged} s JOIN ${target} t ON t.${key} = s.${key}
      WHERE t._hash <> s._hash OR t._vanished_at IS NOT NULL`,
  );
  const inserted = await affected(
    trx,
    sql`
      INSERT INTO ${sql.id(load.changes)}
      SELECT s.${key}, 'insert', NULL FROM ${staged} s
      WHERE NOT EXISTS (SELECT FROM ${target} t WHERE t.${key} = s.${key})`,
  );
  if (!vanishes) return changed + inserted;
  const gone = await affected(
    trx,
    sql`
      INSERT INTO ${sql.id(load.changes)}
      SELECT t.${key}, 'vanish', ${vanished('absent')} FROM ${target} t
      WHERE t._vanished_at IS NULL ${isUnmet(load)}
        AND NOT EXISTS (SELECT FROM ${staged} s WHERE s.${key} = t.${key})
        AND NOT EXISTS (SELECT FROM ${sql.id(load.refusedKeys)} r WHERE r.key = t.${key} AND r.outcome = 'rejected')`,
  );
  if (gone > 0) {
    await sql`
      UPDATE ${sql.id(load.changes)} c SET changes = ${vanished('filtered')} FROM ${sql.id(load.refusedKeys)} r
      WHERE c.operation = 'vanish' AND r.key = c.key AND r.outcome = 'filtered'`.execute(trx);
  }
  return changed + inserted + gone;
}

/** Why a record is no longer there: its row was filtered, or it is absent. */
function vanished(reason: 'filtered' | 'absent'): RawBuilder<unknown> {
  return sql`${JSON.stringify({ _vanished: { from: null, to: reason } })}::jsonb`;
}

/** Between the table `t` and the staging `s`. A column that the table gets only when the run is published holds nothing yet. */
function changesOf({ shape, ddl }: Load): RawBuilder<unknown> {
  return changedColumns([
    ...shape.columns.map(({ name }) => ({
      name,
      from: ddl.added.includes(name) ? noText : textOf('t', name),
      to: textOf('s', name),
    })),
    ...lastTexts(ddl.blanked, 't'),
  ]);
}

async function countChanges(trx: Kysely<Tables>, load: Load): Promise<Omit<Classified, 'liveBefore'>> {
  const staged = sql.id(load.staging.records);
  const target = sql.id(load.dataset.name);
  const key = sql.id(load.key.column);
  const operation = (name: string) => count(trx, sql`${sql.id(load.changes)} WHERE operation = ${name}`);
  return {
    inserted: await operation('insert'),
    updated: await operation('update'),
    restored: await operation('restore'),
    vanished: await operation('vanish'),
    unchanged: await count(
      trx,
      sql`${staged} s JOIN ${target} t ON t.${key} = s.${key} AND t._hash = s._hash AND t._vanished_at IS NULL`,
    ),
    kept: await count(
      trx,
      sql`${target} t WHERE t._vanished_at IS NULL ${isUnmet(load)}
        AND EXISTS (SELECT FROM ${sql.id(load.refusedKeys)} r WHERE r.key = t.${key} AND r.outcome = 'rejected')
        AND NOT EXISTS (SELECT FROM ${staged} s WHERE s.${key} = t.${key})`,
    ),
  };
}

export async function count(trx: Kysely<Tables>, from: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM ${from}`.execute(trx);
  return rows[0]!.n;
}
