import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import type { Tables } from '../db/tables.ts';
import { tableState } from '../load/table-catalog.ts';
import type { StoredRun } from '../run-log.ts';

/** One dataset of the undone run, and the table as it is today: the configuration may have changed since, or lost it. */
export type UndoneTable = {
  readonly name: string;
  readonly entity: string;
  /** SQL text of the entity's id, over the alias t. */
  readonly entityIdSql: string;
  /** `_key`, or the column of the record that is the key. */
  readonly keyColumn: string;
  /** The record's columns and their types in SQL. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  /** The columns that today's configuration makes records of; null when it does not know the dataset, or takes all. */
  readonly declared: ReadonlySet<string> | null;
  readonly deletesVanished: boolean;
  /** The files of the undone run, which its versions carry in `_source_id`; never empty. */
  readonly sourceIds: readonly string[];
  readonly undoneAt: Date;
  /** Temporary tables: what is to be done, and the log rows that stand for it. */
  readonly plan: string;
  readonly sources: string;
};

/** Null when the dataset has no table, or the run read no file of it. */
export async function undoneTable(
  db: Kysely<Tables>,
  run: StoredRun,
  name: string,
  configured: readonly Dataset[],
  index: number,
): Promise<UndoneTable | null> {
  const known = await db.selectFrom('datasets').select(['entity', 'entity_id_sql']).where('name', '=', name).executeTakeFirst();
  const logs = await db
    .selectFrom('extraction_logs')
    .select(sql<string>`id::text`.as('id'))
    .where('run_id', '=', run.id)
    .where('dataset', '=', name)
    .orderBy('extraction_logs.id')
    .execute();
  const state = await tableState(db, name);
  if (!known || logs.length === 0 || state.columns.size === 0) return null;
  const dataset = configured.find((candidate) => candidate.name === name);
  return {
    name,
    entity: known.entity,
    entityIdSql: known.entity_id_sql,
    keyColumn: state.primaryKey[0]!,
    columns: [...state.columns].filter(([column]) => !column.startsWith('_')),
    declared: declaredColumns(dataset),
    deletesVanished: dataset?.onVanish === 'delete',
    sourceIds: logs.map(({ id }) => id),
    undoneAt: run.started_at,
    plan: `_undo_plan_${index}`,
    sources: `_undo_sources_${index}`,
  };
}

function declaredColumns(dataset: Dataset | undefined): Set<string> | null {
  if (!dataset || dataset.unknownColumns === 'text') return null;
  return new Set(dataset.columns.map((column) => column.name));
}
