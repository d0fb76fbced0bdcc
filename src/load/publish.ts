import { sql, type Kysely } from 'kysely';
import { ProjetusError } from '../core/errors.ts';
import { affected } from '../db/affected.ts';
import type { Tables } from '../db/tables.ts';
import { changedColumns, lastTexts } from './changed-columns.ts';
import { count, type Classified } from './classify.ts';
import { entityIdSql } from './keys.ts';
import type { Load } from './load.ts';

export type PublishContext = {
  /** The moment that `_vanished_at` and the history get. */
  readonly publishedAt: Date;
  /** The file that stands for the snapshot in which a record was missing. */
  readonly snapshotSourceId: string;
  readonly keepsLineage: boolean;
};

/**
 * Writes the changes of one dataset: superseded versions to the history, then updates, inserts and vanish marks.
 * Throws `unbalanced` when a statement did not touch as many rows as were classified.
 * Returns the number of live rows, counted after the merge; before it, when there was nothing to merge.
 */
export async function publish(trx: Kysely<Tables>, load: Load, counts: Classified, context: PublishContext): Promise<number> {
  if (!load.ddl.isNew) {
    const superseded = counts.updated + counts.restored + counts.vanished;
    if (context.keepsLineage && superseded > 0)
      expect(load, 'superseded versions', await keepSuperseded(trx, load, context), superseded);
    if (counts.updated + counts.restored > 0) expect(load, 'updates', await update(trx, load), counts.updated + counts.restored);
    if (counts.inserted > 0) expect(load, 'inserts', await insert(trx, load), counts.inserted);
    await forgetLines(trx, load);
    if (counts.vanished > 0) expect(load, 'vanished', await vanish(trx, load, counts.vanished, context), counts.vanished);
  }
  // Where nothing was written the records are those that this transaction has just counted: 0.3 s for a million.
  if (!load.ddl.isNew && counts.updated + counts.restored + counts.inserted + counts.vanished === 0) return counts.liveBefore;
  const live = await count(trx, sql`${sql.id(load.dataset.name)} WHERE _vanished_at IS NULL`);
  expect(load, 'live rows', live, counts.liveBefore + counts.inserted + counts.restored - counts.vanished);
  return live;
}

function expect(load: Load, what: string, actual: number, expected: number): void {
  if (actual === expected) return;
  throw new ProjetusError(
    'unbalanced',
    `${load.dataset.name}: ${actual} ${what} were written where ${expected} had been classified; nothing was published.`,
    {
      hint: 'this is a bug in projetus, or another program wrote to the table meanwhile: please report it with the output of --json',
    },
  );
}

function keepSuperseded(trx: Kysely<Tables>, load: Load, context: PublishContext): Promise<number> {
  return affected(
    trx,
    sql`
      INSERT INTO lineage_history (entity_type, entity_id, source_id, row_number, operation, record_hash, changes, superseded_at)
      SELECT ${load.dataset.entity}, ${sql.raw(entityIdSql(load.key, 't'))}, t._source_id, t._row, t._operation, t._hash, t._changes, ${context.publishedAt}::timestamptz
      FROM ${sql.id(load.dataset.name)} t JOIN ${sql.id(load.changes)} c ON c.key = ${sql.ref(`t.${load.key.column}`)}
      WHERE c.operation IN ('update', 'restore', 'vanish')`,
  );
}

/** The key is what it was: with Citus it says on which server a row is, and is nothing that can be set. */
function update(trx: Kysely<Tables>, load: Load): Promise<number> {
  const names = load.shape.columns.map((column) => column.name).filter((name) => name !== load.key.column);
  const set = [
    ...[...names, '_hash', '_source_id', '_row', '_raw'].map((name) => sql`${sql.id(name)} = s.${sql.id(name)}`),
    ...load.ddl.blanked.map((name) => sql`${sql.id(name)} = NULL`),
  ];
  const key = sql.id(load.key.column);
  return affected(
    trx,
    sql`
      UPDATE ${sql.id(load.dataset.name)} t
      SET ${sql.join(set)}, _operation = c.operation, _vanished_at = NULL, _changes = c.changes
      FROM ${sql.id(load.changes)} c JOIN ${sql.id(load.staging.records)} s ON s.${key} = c.key
      WHERE t.${key} = c.key AND c.operation IN ('update', 'restore')`,
  );
}

/** A stored record that has come several times today, and did not change: its line no longer tells it. */
async function forgetLines(trx: Kysely<Tables>, load: Load): Promise<void> {
  const key = sql.id(load.key.column);
  await sql`
    UPDATE ${sql.id(load.dataset.name)} t SET _raw = '' FROM ${sql.id(load.staging.records)} s
    WHERE s._raw = '' AND t.${key} = s.${key} AND t._raw IS DISTINCT FROM ''`.execute(trx);
}

function insert(trx: Kysely<Tables>, load: Load): Promise<number> {
  const names = load.shape.columns.map((column) => column.name);
  const columns = [...names, ...(load.key.derived === null ? [] : ['_key']), '_hash', '_source_id', '_row', '_raw'];
  const key = sql.id(load.key.column);
  return affected(
    trx,
    sql`
      INSERT INTO ${sql.id(load.dataset.name)} (${sql.join(columns.map((name) => sql.id(name)))})
      SELECT ${sql.join(columns.map((name) => sql`s.${sql.id(name)}`))}
      FROM ${sql.id(load.staging.records)} s JOIN ${sql.id(load.changes)} c ON c.key = s.${key}
      WHERE c.operation = 'insert'`,
  );
}

async function vanish(trx: Kysely<Tables>, load: Load, vanished: number, context: PublishContext): Promise<number> {
  const target = sql.id(load.dataset.name);
  const key = sql.id(load.key.column);
  const which = sql`c.operation = 'vanish' AND c.key = t.${key}`;
  if (load.dataset.onVanish === 'mark') {
    return affected(
      trx,
      sql`
        UPDATE ${target} t SET _vanished_at = ${context.publishedAt}::timestamptz, _operation = 'vanish',
          _source_id = ${context.snapshotSourceId}::bigint, _row = NULL, _raw = NULL, _changes = c.changes
        FROM ${sql.id(load.changes)} c WHERE ${which}`,
    );
  }
  if (context.keepsLineage) expect(load, 'deletions', await keepDeletions(trx, load, context), vanished);
  return affected(trx, sql`DELETE FROM ${target} t USING ${sql.id(load.changes)} c WHERE ${which}`);
}

/** A deleted record cannot carry its own last version. The entry keeps the values too, so that the run can be undone. */
function keepDeletions(trx: Kysely<Tables>, load: Load, context: PublishContext): Promise<number> {
  const names = load.shape.columns.map(({ name }) => name);
  return affected(
    trx,
    sql`
      INSERT INTO lineage_history (entity_type, entity_id, source_id, operation, record_hash, changes, superseded_at)
      SELECT ${load.dataset.entity}, ${sql.raw(entityIdSql(load.key, 't'))}, ${context.snapshotSourceId}::bigint, 'vanish', t._hash, c.changes || coalesce(${changedColumns(lastTexts(names, 't'))}, '{}'),
        ${context.publishedAt}::timestamptz
      FROM ${sql.id(load.dataset.name)} t JOIN ${sql.id(load.changes)} c ON c.operation = 'vanish' AND c.key = ${sql.ref(`t.${load.key.column}`)}`,
  );
}
