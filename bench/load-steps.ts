/** One run of a round; each continues where the one before ended. */
export type Step = {
  readonly name: string;
  readonly date: string;
  readonly file: string;
  readonly flags: readonly string[];
  /** Design, section 9; in multiples of L. */
  readonly limit: string;
};

export const steps: readonly Step[] = [
  { name: 'first load', date: '2026-01-01', file: 'day1.csv', flags: [], limit: '1.70' },
  { name: 'next day, 1.5 % changed', date: '2026-01-02', file: 'day2.csv', flags: [], limit: '0.80' },
  { name: 'no change, contents compared', date: '2026-01-03', file: 'day2.csv', flags: ['--force'], limit: '0.60' },
  { name: 'same file again', date: '2026-01-04', file: 'day2.csv', flags: [], limit: '0.25 + start' },
];

/** What the data was made to give, exactly: see `make-data.ts`. */
export function expectedCounts(step: Step, rows: number): Readonly<Record<string, number>> {
  const [vanished, updated, added] = [rows / 1000, rows / 100, (rows * 4) / 1000];
  if (step.file === 'day1.csv') {
    return { read: rows, inserted: rows, updated: 0, unchanged: 0, vanished: 0, rejected: 0, duplicate: 0, stored: rows };
  }
  const read = rows - vanished + added;
  const isNext = step.date === '2026-01-02';
  return {
    read,
    inserted: isNext ? added : 0,
    updated: isNext ? updated : 0,
    unchanged: isNext ? read - added - updated : read,
    vanished: isNext ? vanished : 0,
    rejected: 0,
    duplicate: 0,
    stored: read,
  };
}
