import { sql, type Kysely } from 'kysely';
import type { Column, Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import type { RecordShape } from '../core/record.ts';
import type { Tables } from '../db/tables.ts';
import { quote, sqlTypeOf, type KeyPlan } from './keys.ts';

export type DdlPlan = {
  /** The table does not exist: rows are staged straight into it. */
  readonly isNew: boolean;
  /** What makes the empty table, before the rows come; nobody else can see it. */
  readonly create: readonly string[];
  /** What runs when the run is published. */
  readonly publish: readonly string[];
};

/** Columns of ours, beside those of the record: the present version's lineage. */
const ownColumns = [
  ['_hash', 'bytea NOT NULL'],
  ['_source_id', 'bigint NOT NULL'],
  ['_row', 'integer'],
  ['_operation', "text NOT NULL DEFAULT 'insert'"],
  ['_changes', 'jsonb'],
  ['_vanished_at', 'timestamp with time zone'],
] as const;

/**
 * What has to change for the table to hold these records: create it, add columns, add indexes.
 * Never drops or narrows: that throws `ddl-refused` with the statements that a person would run.
 */
export async function planDdl(db: Kysely<Tables>, dataset: Dataset, shape: RecordShape, key: KeyPlan): Promise<DdlPlan> {
  const present = await presentColumns(db, dataset.name);
  const indexes = await missingIndexes(db, dataset);
  if (present.size === 0) {
    const publish = [
      `ALTER TABLE ${quote(dataset.name)} ADD PRIMARY KEY (${quote(key.column)})`,
      ...indexes,
      liveView(dataset, shape, []),
    ];
    return { isNew: true, create: [createTable(dataset, shape, key)], publish };
  }
  refuseNarrowing(dataset, shape, key, present);
  const added = shape.columns.filter((column) => !present.has(column.name));
  const adds = added.map(
    (column) => `ALTER TABLE ${quote(dataset.name)} ADD COLUMN ${quote(column.name)} ${sqlTypeOf(dataset, column.name)}`,
  );
  const view = added.length > 0 ? [liveView(dataset, shape, [...present.keys()])] : [];
  return { isNew: false, create: [], publish: [...adds, ...indexes, ...view] };
}

function createTable(dataset: Dataset, shape: RecordShape, key: KeyPlan): string {
  const columns = inDeclaredOrder(dataset, shape).map((column) => {
    const notNull = key.derived === null && column.name === key.column ? ' NOT NULL' : '';
    return `${quote(column.name)} ${sqlTypeOf(dataset, column.name)}${notNull}`;
  });
  const keyColumn = key.derived === null ? [] : ['"_key" text NOT NULL'];
  const own = ownColumns.map(([name, type]) => `${quote(name)} ${type}`);
  return `CREATE TABLE ${quote(dataset.name)} (\n  ${[...columns, ...keyColumn, ...own].join(',\n  ')}\n)`;
}

/** The order in which the configuration declares the columns, which is how readers know them; then those of the file. */
function inDeclaredOrder(dataset: Dataset, shape: RecordShape): Column[] {
  const declared = dataset.columns.map((column) => column.name);
  const place = (column: Column) => (declared.includes(column.name) ? declared.indexOf(column.name) : declared.length);
  return shape.columns.toSorted((a, b) => place(a) - place(b));
}

/** What readers use: the live rows, without the columns of ours. New columns come last, as CREATE OR REPLACE VIEW wants. */
function liveView(dataset: Dataset, shape: RecordShape, present: readonly string[]): string {
  const old = present.filter((name) => !name.startsWith('_'));
  const added = inDeclaredOrder(dataset, shape)
    .map((column) => column.name)
    .filter((name) => !old.includes(name));
  const columns = [...old, ...added].map(quote).join(', ');
  return `CREATE OR REPLACE VIEW ${quote(`${dataset.name}_live`)} AS SELECT ${columns} FROM ${quote(dataset.name)} WHERE _vanished_at IS NULL`;
}

async function presentColumns(db: Kysely<Tables>, table: string): Promise<Map<string, string>> {
  const { rows } = await sql<{ name: string; type: string }>`
    SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
    WHERE attrelid = to_regclass(${quote(table)}) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`.execute(db);
  return new Map(rows.map((row) => [row.name, row.type]));
}

async function missingIndexes(db: Kysely<Tables>, dataset: Dataset): Promise<string[]> {
  const wanted = dataset.indexes.map((columns) => ({ name: indexName(dataset.name, columns), columns }));
  const { rows } = await sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = to_regclass(${quote(dataset.name)})`.execute(db);
  const present = new Set(rows.map((row) => row.name));
  return wanted
    .filter((index) => !present.has(index.name))
    .map((index) => `CREATE INDEX ${quote(index.name)} ON ${quote(dataset.name)} (${index.columns.map(quote).join(', ')})`);
}

/** PostgreSQL cuts names at 63 bytes; ours are ASCII. */
function indexName(table: string, columns: readonly string[]): string {
  return `${table}_${columns.join('_')}_idx`.slice(0, 63);
}

function refuseNarrowing(dataset: Dataset, shape: RecordShape, key: KeyPlan, present: ReadonlyMap<string, string>): void {
  const table = quote(dataset.name);
  const missing = ownColumns.filter(([name]) => !present.has(name));
  if (missing.length > 0) {
    throw new ProjetusError(
      'ddl-refused',
      `The table ${dataset.name} exists and was not made by projetus: it has no column ${missing[0]![0]}.`,
      {
        hint: `give the dataset another name, or move the table away: ALTER TABLE ${table} RENAME TO ${quote(`${dataset.name}_old`)}`,
      },
    );
  }
  const statements = shape.columns.flatMap((column) => {
    const wanted = catalogType(sqlTypeOf(dataset, column.name));
    const actual = present.get(column.name);
    if (actual === undefined || actual === wanted) return [];
    return [`ALTER TABLE ${table} ALTER COLUMN ${quote(column.name)} TYPE ${wanted} USING ${quote(column.name)}::${wanted}`];
  });
  if (statements.length > 0) {
    throw new ProjetusError('ddl-refused', `The table ${dataset.name} holds other types than the configuration declares.`, {
      hint: `projetus never changes a type by itself; a person may run: ${statements.join('; ')}`,
    });
  }
  const hasKey = present.has(key.column);
  if (!hasKey || (key.derived === null && present.has('_key'))) {
    throw new ProjetusError('ddl-refused', `The key of ${dataset.name} is not the one that its table was made with.`, {
      hint: `a key cannot be changed in place; move the table away and run again: ALTER TABLE ${table} RENAME TO ${quote(`${dataset.name}_old`)}`,
    });
  }
}

/** The name that the catalogue gives a type. */
function catalogType(type: string): string {
  return type === 'timestamp' ? 'timestamp without time zone' : type;
}
