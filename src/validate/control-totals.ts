import type { Column } from '../core/dataset.ts';
import type { RecordView } from '../core/record.ts';
import type { ControlTotal } from '../core/report.ts';
import { add, compareExact, formatExact, rescale, type Exact } from './coerce/exact.ts';

export type ControlTotals = {
  /** Positions of the decimal columns. */
  readonly columns: readonly number[];
  /** Adds the decimals of a record that were coerced. */
  readonly addView: (view: RecordView, units: Float64Array) => void;
  /** Adds a number that was read and does not fit its column. */
  readonly addNumber: (column: number, value: Exact) => void;
  /** Compares the numbers of a footer with the sums, column by column. */
  readonly compare: (footer: readonly { readonly column: number; readonly value: Exact }[]) => ControlTotal[];
};

/** Exact sums of the decimal columns over all data rows that were read. */
export function createControlTotals(columns: readonly Column[]): ControlTotals {
  const sums = columns.flatMap(({ type }, column) => (type.kind === 'decimal' ? [createSum(column, type.scale)] : []));
  const sumOf = (column: number) => sums.find((sum) => sum.column === column)!;
  return {
    columns: sums.map(({ column }) => column),
    addView: (view, units) => {
      for (const sum of sums) if (view.starts[sum.column]! >= 0) addValue(sum, view, units[sum.column]!);
    },
    addNumber: (column, value) => addExact(sumOf(column), value),
    compare: (footer) =>
      footer.map(({ column, value }) => {
        const computed = totalOf(sumOf(column));
        const match = compareExact(value, computed) === 0;
        return { column: columns[column]!.name, file: show(value, computed), computed: formatExact(computed), match };
      }),
  };
}

/** At the scale of the sum where that loses nothing: `849018965.3` is shown as `849018965.30`. */
function show(value: Exact, computed: Exact): string {
  const units = rescale(value, computed.scale);
  return formatExact(units === null ? value : { units, scale: computed.scale });
}

/** `part` counts units of the column's scale, and goes into `whole` before it would be inexact. */
type Sum = { readonly column: number; readonly scale: number; whole: Exact; part: number };

function createSum(column: number, scale: number): Sum {
  return { column, scale, whole: { units: 0n, scale }, part: 0 };
}

/** Bytes. Shorter numbers are below 2^52, and a part below 2^52 stays exact when one is added. */
const shortNumber = 15;
const largestPart = 2 ** 52;

/** Adds in doubles while that is exact, and in BigInt from time to time: ten times faster than BigInt alone. */
function addValue(sum: Sum, view: RecordView, units: number): void {
  const start = view.starts[sum.column]!;
  const end = view.ends[sum.column]!;
  if (end - start > shortNumber) {
    const text = view.buffers[sum.column]!.toString('latin1', start, end);
    return addExact(sum, { units: BigInt(text.replace('.', '')), scale: sum.scale });
  }
  sum.part += units;
  if (sum.part > largestPart || sum.part < -largestPart) totalOf(sum);
}

function addExact(sum: Sum, value: Exact): void {
  sum.whole = add(sum.whole, value);
}

function totalOf(sum: Sum): Exact {
  addExact(sum, { units: BigInt(sum.part), scale: sum.scale });
  sum.part = 0;
  return sum.whole;
}
