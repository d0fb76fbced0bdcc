import type { Dataset } from '../core/dataset.ts';
import type { ColumnProfile, EmptiedColumn } from '../core/report.ts';
import type { ColumnChange } from './hold-facts.ts';
import type { Finding, Watched } from './watched.ts';

/** Of the share of filled values that a column had: below it a required column is blank, and any other one emptied. */
const blankPart = 1 / 10;
const emptiedPart = 1 / 2;

/** Two decimals taken for whole digits make a number 100 times as large, give or take the day's own change. */
const suspectFactor = 50;

/**
 * Required columns that are suddenly blank, and numbers of another size: `65574.68` once became 6557468 in a whole
 * column, and nobody saw it. Values of `required_values` cannot be blank here: such rows are rejects, and have a budget.
 */
export function columnsGuard(watched: Watched): Finding | null {
  const reasons = pairsOf(watched).flatMap((pair) => [
    ...(isBlank(pair, watched) ? [blankReason(pair)] : []),
    ...movedReason(pair, watched.floorRows),
    ...zeroedReason(pair, watched.floorRows),
  ]);
  if (reasons.length === 0) return null;
  const ofKind = (kind: Reason['kind']) => reasons.filter((reason) => reason.kind === kind).map(({ facts }) => facts);
  return {
    guard: 'columns',
    message: `${watched.dataset.name}: compared with the run before, ${reasons.map(({ text }) => text).join('; ')}.`,
    facts: { blank: ofKind('blank'), moved: ofKind('moved'), zeroed: ofKind('zeroed') },
    hint: 'look at these columns in the file; format.decimal says how numbers are written there',
  };
}

/** Columns that lost more than half of their share of values, and are no reason to hold. */
export function emptiedColumns(watched: Watched): EmptiedColumn[] {
  // A column that the file lacks is told as such.
  const missing = new Set(watched.report.sources.flatMap((source) => source.columns.missing));
  return pairsOf(watched)
    .filter((pair) => hasLost(pair, emptiedPart, watched.floorRows) && !missing.has(pair.name) && !isBlank(pair, watched))
    .map(({ name, before, now }) => ({
      column: name,
      before_percent: percent(before.filled, before.records),
      now_percent: percent(now.filled, now.records),
    }));
}

type Counted = ColumnProfile & { readonly records: number };
/** A column as it is in this run, and as it was in the last one that read the dataset's files. */
type Pair = { readonly name: string; readonly before: Counted; readonly now: Counted };

function pairsOf({ report, last }: Watched): Pair[] {
  const now = report.profile;
  // Runs of versions that kept no profile have none in their report.
  const before = last?.profile;
  if (!now || !before) return [];
  const earlier = new Map(Object.entries(before.columns));
  return Object.entries(now.columns).flatMap(([name, column]) => {
    const other = earlier.get(name);
    if (!other) return [];
    return [{ name, before: { ...other, records: before.records }, now: { ...column, records: now.records } }];
  });
}

function isBlank(pair: Pair, { dataset, floorRows }: Watched): boolean {
  return isRequired(dataset, pair.name) && pair.before.filled > floorRows && hasLost(pair, blankPart, floorRows);
}

function isRequired({ requiredColumns, key }: Dataset, name: string): boolean {
  return requiredColumns.includes(name) || (key !== 'content' && key.includes(name));
}

/** Whether the share of filled values fell below a part of what it was, in more rows than may swing freely. */
function hasLost({ before, now }: Pair, part: number, floorRows: number): boolean {
  const expected = (before.filled / before.records) * now.records;
  return now.filled < expected * part && expected - now.filled > floorRows;
}

type Reason = { readonly kind: 'blank' | 'moved' | 'zeroed'; readonly text: string; readonly facts: ColumnChange };

function blankReason({ name, before, now }: Pair): Reason {
  const text = `${name} is filled in ${now.filled} of ${now.records} records, and was in ${before.filled} of ${before.records}`;
  const facts = { column: name, before: percent(before.filled, before.records), now: percent(now.filled, now.records) };
  return { kind: 'blank', text, facts };
}

/** Of values other than 0: where most are 0, a few records more would move a mean of all. */
function movedReason({ name, before, now }: Pair, floorRows: number): Reason[] {
  const [from, to] = [meanOf(before, floorRows), meanOf(now, floorRows)];
  if (from === null || to === null) return [];
  const factor = to > from ? to / from : from / to;
  if (factor < suspectFactor) return [];
  const sizes = `the mean of ${name} is ${to.toFixed(2)}, and was ${from.toFixed(2)}`;
  const cause = isPowerOfSeparators(factor) ? ', which looks like decimal separators read wrongly' : '';
  const text = `${sizes} (${Math.round(factor)} times ${to > from ? 'as much' : 'less'}${cause})`;
  return [{ kind: 'moved', text, facts: { column: name, before: from, now: to } }];
}

function meanOf({ nonzero, absolute_sum }: Counted, floorRows: number): number | null {
  return nonzero === null || absolute_sum === null || nonzero <= floorRows ? null : absolute_sum / nonzero;
}

/** Two decimals, or a group of three digits; means of different days differ by something. */
function isPowerOfSeparators(factor: number): boolean {
  return [100, 1000].some((power) => factor > power * 0.8 && factor < power * 1.25);
}

function zeroedReason({ name, before, now }: Pair, floorRows: number): Reason[] {
  if (before.nonzero === null || now.nonzero === null || before.nonzero <= floorRows) return [];
  const expected = (before.nonzero / before.filled) * now.filled;
  if (now.nonzero * suspectFactor > expected || expected - now.nonzero <= floorRows) return [];
  const [zeros, zerosBefore] = [now.filled - now.nonzero, before.filled - before.nonzero];
  const text = `${name} is 0 in ${zeros} of ${now.filled} values, and was in ${zerosBefore} of ${before.filled}`;
  const facts = { column: name, before: percent(zerosBefore, before.filled), now: percent(zeros, now.filled) };
  return [{ kind: 'zeroed', text, facts }];
}

/** With two decimals. */
function percent(part: number, whole: number): number {
  return Math.round((10_000 * part) / whole) / 100;
}
