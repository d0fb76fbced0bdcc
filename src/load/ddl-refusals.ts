import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import type { RecordShape } from '../core/record.ts';
import { quote } from '../db/quote.ts';
import { sqlTypeOf, type KeyPlan } from './keys.ts';
import { ownColumns } from './own-columns.ts';
import type { TableState } from './table-catalog.ts';

/** Throws `ddl-refused` for a table that only a person may change, with the statements for it. */
export function refuseNarrowing(dataset: Dataset, shape: RecordShape, key: KeyPlan, state: TableState): void {
  refuseForeign(dataset, state);
  refuseOtherKey(dataset, key, state);
  refuseOtherTypes(dataset, shape, key, state);
}

/** What `_key` is made from; column names are of small letters, digits and _. */
export function keyComment(dataset: Dataset): string {
  return dataset.key === 'content' ? 'content' : `key: ${dataset.key.join(', ')}`;
}

function refuseForeign(dataset: Dataset, { columns }: TableState): void {
  const lacking = ownColumns.find(([name]) => !columns.has(name));
  if (!lacking) return;
  throw new ProjetusError(
    'ddl-refused',
    `The table ${dataset.name} exists and was not made by projetus: it has no column ${lacking[0]}.`,
    { hint: `give the dataset another name, or move the table away: ${renaming(dataset)}` },
  );
}

/** Joined on another key, one row of the file would meet several of the table, or none. */
function refuseOtherKey(dataset: Dataset, key: KeyPlan, { primaryKey, keyComment: comment }: TableState): void {
  const isSameColumn = primaryKey.length === 1 && primaryKey[0] === key.column;
  const isSameSource = key.derived === null || comment === null || comment === keyComment(dataset);
  if (isSameColumn && isSameSource) return;
  throw new ProjetusError('ddl-refused', `The key of ${dataset.name} is not the one that its table was made with.`, {
    hint: `a key cannot be changed in place; move the table away and run again: ${renaming(dataset)}; DROP VIEW IF EXISTS ${liveName(dataset)}`,
  });
}

function refuseOtherTypes(dataset: Dataset, shape: RecordShape, key: KeyPlan, { columns }: TableState): void {
  const changed = shape.columns.filter(({ name }) => {
    const actual = columns.get(name);
    return actual !== undefined && actual !== catalogType(sqlTypeOf(dataset, name));
  });
  if (changed.length === 0) return;
  const alters = changed.map(({ name }) => {
    const type = catalogType(sqlTypeOf(dataset, name));
    return `ALTER TABLE ${quote(dataset.name)} ALTER COLUMN ${quote(name)} TYPE ${type} USING ${quote(name)}::${type}`;
  });
  // PostgreSQL refuses to change a column that a view uses; the next run makes the views again.
  const views = changed.some(({ name }) => name === key.column) ? [liveName(dataset), 'data_lineage'] : [liveName(dataset)];
  throw new ProjetusError('ddl-refused', `The table ${dataset.name} holds other types than the configuration declares.`, {
    hint: `projetus never changes a type by itself; a person may run: DROP VIEW IF EXISTS ${views.join(', ')}; ${alters.join('; ')}`,
  });
}

function renaming(dataset: Dataset): string {
  return `ALTER TABLE ${quote(dataset.name)} RENAME TO ${quote(`${dataset.name}_old`)}`;
}

function liveName(dataset: Dataset): string {
  return quote(`${dataset.name}_live`);
}

/** The name that the catalogue gives a type. */
function catalogType(type: string): string {
  return type === 'timestamp' ? 'timestamp without time zone' : type;
}
