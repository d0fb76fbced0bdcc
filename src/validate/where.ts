import type { Dataset } from '../core/dataset.ts';
import type { RecordShape, RecordView } from '../core/record.ts';
import { compileRules } from './rules.ts';

export type Where = {
  /** Positions of the columns that it looks at; empty when there is no filter. */
  readonly columns: readonly number[];
  /** True when a record whose named columns are set passes. */
  readonly lets: (view: RecordView) => boolean;
};

/** The filter of a dataset. A NULL does not pass, unless its column's enum lists null. */
export function compileWhere(dataset: Dataset, shape: RecordShape): Where {
  const rules = dataset.where.map(({ column, keywords }) => {
    const index = shape.columns.findIndex(({ name }) => name === column);
    return { index, column: shape.columns[index]!, keywords };
  });
  const check = compileRules(rules);
  const notNull = rules.filter(({ keywords }) => keywords.enum?.includes(null) !== true).map(({ index }) => index);
  return {
    columns: rules.map(({ index }) => index),
    lets: (view) => notNull.every((index) => view.starts[index]! >= 0) && check(view).length === 0,
  };
}
