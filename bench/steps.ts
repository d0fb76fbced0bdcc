import type { DataKind } from './make/kinds.ts';

/** One run of a round; each continues where the one before ended. */
export type Step = {
  readonly name: string;
  readonly date: string;
  readonly data: DataKind;
  readonly file: string;
  readonly flags: readonly string[];
  /** What differs from what is stored: every row, those of the second day (see make/day-rows.ts), none. */
  readonly changes: 'all' | 'second day' | 'none';
};

export const firstLoad: Step = {
  name: 'first load',
  date: '2026-01-01',
  data: 'days',
  file: 'day1.csv',
  flags: [],
  changes: 'all',
};

export const nextDay: Step = {
  name: 'next day, 1.5 % changed',
  date: '2026-01-02',
  data: 'days',
  file: 'day2.csv',
  flags: [],
  changes: 'second day',
};

export const noChange: Step = {
  name: 'no change, contents compared',
  date: '2026-01-03',
  data: 'days',
  file: 'day2.csv',
  flags: ['--force'],
  changes: 'none',
};

export const reexported: Step = {
  name: 're-exported, no value differs',
  date: '2026-01-04',
  data: 'reexported',
  file: 'day2.csv',
  flags: [],
  changes: 'none',
};

/** After `reexported`. */
export const sameFile: Step = {
  name: 'same file again',
  date: '2026-01-05',
  data: 'reexported',
  file: 'day2.csv',
  flags: [],
  changes: 'none',
};

/** By the name that a report gives them; `stored` among them. */
export type Counts = Readonly<Record<string, number>>;

/** What the data was made to give, exactly. `rows` is that of the first day. */
export function expectedCounts({ changes }: Step, rows: number): Counts {
  const none = { inserted: 0, updated: 0, unchanged: 0, restored: 0, duplicate: 0, filtered: 0, rejected: 0, vanished: 0 };
  if (changes === 'all') return { ...none, read: rows, inserted: rows, stored: rows };
  const [vanished, updated, inserted] = [rows / 1000, rows / 100, (rows * 4) / 1000];
  const read = rows - vanished + inserted;
  if (changes === 'none') return { ...none, read, unchanged: read, stored: read };
  return { ...none, read, inserted, updated, unchanged: read - inserted - updated, vanished, stored: read };
}

/** Throws unless the report of `run --json` has exactly these counts, in these datasets and no other. */
export function assertCounts(stdout: string, expected: Readonly<Record<string, Counts>>): void {
  const { datasets } = JSON.parse(stdout) as { datasets: { name: string; counts: Counts; stored: number }[] };
  const names = datasets.map(({ name }) => name).toSorted();
  const wanted = Object.keys(expected).toSorted();
  if (names.join() !== wanted.join()) throw new Error(`the report is about ${names.join()}; expected ${wanted.join()}`);
  for (const { name, counts, stored } of datasets) {
    const actual: Counts = { ...counts, stored };
    for (const [count, value] of Object.entries(expected[name]!)) {
      if (actual[count] !== value) throw new Error(`${name}: ${count} is ${actual[count]} where ${value} was expected`);
    }
  }
}
