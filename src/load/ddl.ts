import type { Kysely } from 'kysely';
import type { Column, Dataset } from '../core/dataset.ts';
import type { RecordShape } from '../core/record.ts';
import type { Tables } from '../db/tables.ts';
import { keyComment, refuseNarrowing } from './ddl-refusals.ts';
import { refuseSpreadOtherwise, spread } from './distribution.ts';
import { quote } from '../db/quote.ts';
import { sqlTypeOf, type KeyPlan } from './keys.ts';
import { ownColumns } from './own-columns.ts';
import { tableState, type TableState } from './table-catalog.ts';

export type DdlPlan = {
  /** The table does not exist: rows are staged straight into it. */
  readonly isNew: boolean;
  /** What makes the empty table, before the rows come; nobody else can see it. */
  readonly create: readonly string[];
  /** What runs when the run is published. */
  readonly publish: readonly string[];
  /** Columns that the table gets when the run is published. */
  readonly added: readonly string[];
  /** Columns of the table that today's files, which may have any columns, no longer have: they are blank. */
  readonly blanked: readonly string[];
};

/**
 * What has to change for the table to hold these records: create it, add columns, add indexes.
 * Never drops or narrows: that throws `ddl-refused` with the statements that a person would run.
 */
export async function planDdl(db: Kysely<Tables>, dataset: Dataset, shape: RecordShape, key: KeyPlan): Promise<DdlPlan> {
  const state = await tableState(db, dataset.name);
  await refuseSpreadOtherwise(db, dataset, state.columns.size > 0);
  const indexes = missingIndexes(dataset, state);
  if (state.columns.size === 0) {
    const primaryKey = `ALTER TABLE ${quote(dataset.name)} ADD PRIMARY KEY (${quote(key.column)})`;
    const publish = [primaryKey, ...indexes, liveView(dataset, shape, [])];
    const create = [...createTable(dataset, shape, key), ...spread(dataset, quote(dataset.name), key.column)];
    return { isNew: true, create, publish, added: [], blanked: [] };
  }
  refuseNarrowing(dataset, shape, key, state);
  const present = [...state.columns.keys()].filter((name) => !name.startsWith('_'));
  const added = shape.columns.filter((column) => !state.columns.has(column.name));
  const adds = added.map(
    (column) => `ALTER TABLE ${quote(dataset.name)} ADD COLUMN ${quote(column.name)} ${sqlTypeOf(dataset, column.name)}`,
  );
  const view = added.length > 0 || !state.hasLiveView ? [liveView(dataset, shape, present)] : [];
  return {
    isNew: false,
    create: [],
    publish: [...adds, ...indexes, ...view],
    added: added.map(({ name }) => name),
    blanked: blanked(dataset, shape, present),
  };
}

function createTable(dataset: Dataset, shape: RecordShape, key: KeyPlan): string[] {
  const columns = inDeclaredOrder(dataset, shape).map((column) => {
    const notNull = key.derived === null && column.name === key.column ? ' NOT NULL' : '';
    return `${quote(column.name)} ${sqlTypeOf(dataset, column.name)}${notNull}`;
  });
  const keyColumn = key.derived === null ? [] : ['"_key" text NOT NULL'];
  const own = ownColumns.map(([name, type]) => `${quote(name)} ${type}`);
  const table = `CREATE TABLE ${quote(dataset.name)} (\n  ${[...columns, ...keyColumn, ...own].join(',\n  ')}\n)`;
  if (key.derived === null) return [table];
  return [table, `COMMENT ON COLUMN ${quote(dataset.name)}."_key" IS '${keyComment(dataset)}'`];
}

/** The order in which the configuration declares the columns, which is how readers know them; then those of the file. */
function inDeclaredOrder(dataset: Dataset, shape: RecordShape): Column[] {
  const declared = dataset.columns.map((column) => column.name);
  const place = (column: Column) => (declared.includes(column.name) ? declared.indexOf(column.name) : declared.length);
  return shape.columns.toSorted((a, b) => place(a) - place(b));
}

/** What readers use: the live rows, without the columns of ours. New columns come last, as CREATE OR REPLACE VIEW wants. */
function liveView(dataset: Dataset, shape: RecordShape, present: readonly string[]): string {
  const added = inDeclaredOrder(dataset, shape)
    .map((column) => column.name)
    .filter((name) => !present.includes(name));
  const columns = [...present, ...added].map(quote).join(', ');
  return `CREATE OR REPLACE VIEW ${quote(`${dataset.name}_live`)} AS SELECT ${columns} FROM ${quote(dataset.name)} WHERE _vanished_at IS NULL`;
}

/** PostgreSQL chooses the names: ours could be taken by the indexes of a table that was renamed. */
function missingIndexes(dataset: Dataset, { indexes }: TableState): string[] {
  const present = new Set(indexes.map((columns) => JSON.stringify(columns)));
  return dataset.indexes
    .filter((columns) => !present.has(JSON.stringify(columns)))
    .map((columns) => `CREATE INDEX ON ${quote(dataset.name)} (${columns.map(quote).join(', ')})`);
}

/** A column that was taken out of the configuration keeps what it holds; one that the file lost does not. */
function blanked(dataset: Dataset, shape: RecordShape, present: readonly string[]): string[] {
  if (dataset.unknownColumns !== 'text') return [];
  return present.filter((name) => !shape.columns.some((column) => column.name === name));
}
