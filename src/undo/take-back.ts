import { sql, type Kysely, type RawBuilder } from 'kysely';
import { ProjetusError } from '../core/errors.ts';
import { affected } from '../db/affected.ts';
import type { Tables } from '../db/tables.ts';
import { changedColumns, lastTexts, textsOf } from '../load/changed-columns.ts';
import { count } from '../load/classify.ts';
import { entityIdOf } from './plan.ts';
import type { UndoCounts } from './undo-report.ts';
import type { UndoneTable } from './undone-table.ts';

export type TakenBack = { readonly counts: UndoCounts; readonly stored: number };

export type TakeBackContext = {
  readonly runId: string;
  readonly undoes: string;
  /** The moment that `_vanished_at` and the history get. */
  readonly at: Date;
  readonly pipelineVersion: string;
  readonly keepsLineage: boolean;
};

/**
 * Writes what the plan says, with lineage: the versions of the run go to the history, and each new one carries the file
 * and line that its values came from, under the undo's own run.
 * Throws `unbalanced` when a statement does not touch as many rows as were planned.
 */
export async function takeBack(trx: Kysely<Tables>, table: UndoneTable, context: TakeBackContext): Promise<TakenBack> {
  const planned = (undone: string) => count(trx, sql`${sql.id(table.plan)} WHERE _verdict = 'ok' AND _undone = ${undone}`);
  const [inserted, updated] = [await planned('insert'), await planned('update')];
  const [restored, vanished, deleted] = [await planned('restore'), await planned('vanish'), await planned('delete')];
  const live = await count(trx, sql`${sql.id(table.name)} WHERE _vanished_at IS NULL`);
  await logOrigins(trx, table, context);
  if (context.keepsLineage)
    expect(table, 'superseded versions', await keepSuperseded(trx, table, context), inserted + updated + restored + vanished);
  expect(table, 'updates', await writeBack(trx, table, context), updated + restored);
  expect(table, 'restored', await restore(trx, table), vanished);
  expect(table, 'vanished', await (table.deletesVanished ? remove : mark)(trx, table, context), inserted);
  expect(table, 'inserts', await insertAgain(trx, table), deleted);
  const stored = await count(trx, sql`${sql.id(table.name)} WHERE _vanished_at IS NULL`);
  expect(table, 'live rows', stored, live - inserted - restored + vanished + deleted);
  return { counts: { inserted: deleted, updated, restored: vanished, vanished: inserted + restored }, stored };
}

function expect(table: UndoneTable, what: string, actual: number, expected: number): void {
  if (actual === expected) return;
  throw new ProjetusError(
    'unbalanced',
    `${table.name}: ${actual} ${what} were written where ${expected} had been planned; nothing was undone.`,
    { hint: 'another program may have written to the table meanwhile; if not, this is a bug in projetus: please report it' },
  );
}

/** A log row of the undo for each file that values come back from: a copy of the file's own, so that lineage names it. */
async function logOrigins(trx: Kysely<Tables>, table: UndoneTable, context: TakeBackContext): Promise<void> {
  await sql`
    CREATE TEMP TABLE ${sql.id(table.sources)} ON COMMIT DROP AS
    SELECT origin, nextval(pg_get_serial_sequence('extraction_logs', 'id')) AS id
    FROM (SELECT DISTINCT ${originOf(table)} AS origin FROM ${sql.id(table.plan)} p WHERE _verdict = 'ok') o`.execute(trx);
  await sql`
    INSERT INTO extraction_logs (id, run_id, dataset, source_file, path, sheet, checksum, size_bytes, header, row_counts,
      pipeline_version, status, extraction_timestamp)
    SELECT s.id, ${context.runId}, e.dataset, e.source_file, e.path, e.sheet, e.checksum, e.size_bytes, e.header,
      jsonb_build_object('undoes', ${context.undoes}::text), ${context.pipelineVersion}, 'undo', ${context.at}::timestamptz
    FROM ${sql.id(table.sources)} s JOIN extraction_logs e ON e.id = s.origin`.execute(trx);
}

/** Where the version before came from; the undone file itself when there was none. */
function originOf(table: UndoneTable): RawBuilder<unknown> {
  return sql`coalesce(p._from_source, ${table.sourceIds[0]!}::bigint)`;
}

/** Plan p, its log row s and, in an UPDATE, the row t. */
function planned(table: UndoneTable, ...undone: string[]): RawBuilder<unknown> {
  return sql`FROM ${sql.id(table.plan)} p JOIN ${sql.id(table.sources)} s ON s.origin = ${originOf(table)}
    WHERE p._verdict = 'ok' AND p._undone IN (${sql.join(undone)})`;
}

function keepSuperseded(trx: Kysely<Tables>, table: UndoneTable, context: TakeBackContext): Promise<number> {
  return affected(
    trx,
    sql`
      INSERT INTO lineage_history (entity_type, entity_id, source_id, row_number, operation, record_hash, changes, superseded_at)
      SELECT ${table.entity}, p._id, t._source_id, t._row, t._operation, t._hash, t._changes, ${context.at}::timestamptz
      FROM ${sql.id(table.name)} t JOIN ${sql.id(table.plan)} p ON p._id = ${entityIdOf(table)}
      WHERE p._verdict = 'ok' AND p._undone <> 'delete'`,
  );
}

/** The values from before an update, or from before a record came back: that one vanishes again, as of then. */
function writeBack(trx: Kysely<Tables>, table: UndoneTable, context: TakeBackContext): Promise<number> {
  const changes = changedColumns(textsOf(namesOf(table), 't', 'p'));
  return affected(
    trx,
    sql`
      UPDATE ${sql.id(table.name)} t
      SET ${sql.join(table.columns.map(([name]) => sql`${sql.id(name)} = p.${sql.id(name)}`))},
        _hash = p._from_hash, _source_id = s.id, _row = p._from_row, _raw = NULL,
        _operation = CASE p._undone WHEN 'update' THEN 'update' ELSE 'vanish' END,
        _vanished_at = CASE p._undone WHEN 'restore' THEN coalesce(p._vanished_then, ${context.at}::timestamptz) END,
        _changes = CASE p._undone WHEN 'update' THEN ${changes} ELSE coalesce(${changes}, '{}') || ${undoneMark} END
      ${planned(table, 'update', 'restore')} AND ${entityIdOf(table)} = p._id`,
  );
}

function namesOf({ columns }: UndoneTable): string[] {
  return columns.map(([name]) => name);
}

const undoneMark = sql`jsonb_build_object('_vanished', jsonb_build_object('from', NULL, 'to', 'undone'))`;

function restore(trx: Kysely<Tables>, table: UndoneTable): Promise<number> {
  return affected(
    trx,
    sql`
      UPDATE ${sql.id(table.name)} t
      SET _vanished_at = NULL, _operation = 'restore', _source_id = s.id, _row = p._from_row, _raw = NULL, _changes = NULL
      ${planned(table, 'vanish')} AND ${entityIdOf(table)} = p._id`,
  );
}

function mark(trx: Kysely<Tables>, table: UndoneTable, context: TakeBackContext): Promise<number> {
  return affected(
    trx,
    sql`
      UPDATE ${sql.id(table.name)} t
      SET _vanished_at = ${context.at}::timestamptz, _operation = 'vanish', _source_id = s.id, _row = NULL, _raw = NULL, _changes = ${undoneMark}
      ${planned(table, 'insert')} AND ${entityIdOf(table)} = p._id`,
  );
}

/** The deletion's entry keeps the values, so that the undo itself can be undone. */
async function remove(trx: Kysely<Tables>, table: UndoneTable, context: TakeBackContext): Promise<number> {
  if (context.keepsLineage) {
    await sql`
      INSERT INTO lineage_history (entity_type, entity_id, source_id, operation, record_hash, changes, superseded_at)
      SELECT ${table.entity}, p._id, s.id, 'vanish', t._hash, ${undoneMark} || coalesce(${changedColumns(lastTexts(namesOf(table), 't'))}, '{}'), ${context.at}::timestamptz
      FROM ${sql.id(table.name)} t JOIN ${sql.id(table.plan)} p ON p._id = ${entityIdOf(table)}
      JOIN ${sql.id(table.sources)} s ON s.origin = ${originOf(table)}
      WHERE p._verdict = 'ok' AND p._undone = 'insert'`.execute(trx);
  }
  return affected(
    trx,
    sql`
      DELETE FROM ${sql.id(table.name)} t USING ${sql.id(table.plan)} p
      WHERE p._verdict = 'ok' AND p._undone = 'insert' AND ${entityIdOf(table)} = p._id`,
  );
}

function insertAgain(trx: Kysely<Tables>, table: UndoneTable): Promise<number> {
  const names = table.columns.map(([name]) => sql.id(name));
  const isDerived = table.keyColumn === '_key';
  return affected(
    trx,
    sql`
      INSERT INTO ${sql.id(table.name)} (${sql.join(names)}, ${isDerived ? sql`_key, ` : sql``}_hash, _source_id, _row)
      SELECT ${sql.join(names.map((name) => sql`p.${name}`))}, ${isDerived ? sql`p._id, ` : sql``}p._from_hash, s.id, p._from_row
      ${planned(table, 'delete')}`,
  );
}
