import type { Finding, SectionName } from './section.ts';

export type Limit = {
  readonly section: SectionName;
  readonly what: string;
  readonly bound: 'at most' | 'at least';
  readonly value: number;
  readonly unit: string;
  /** Says nothing about fewer than a million rows: fixed costs would be what is compared. */
  readonly isForFullOnly: boolean;
};

/** Everything that must hold, in one place: the goals that the program was built to, and what they were extended by. */
export const limits = {
  firstLoad: atMost('load', 'first load, raw CSV: parse, validate, hash, load, lineage, reconcile', 1.7, 'x L'),
  nextDay: atMost('load', 'next day, 1.5 % of rows changed', 0.8, 'x L'),
  noChange: atMost('load', 'no change, contents read and compared', 0.6, 'x L'),
  reexported: atMost('load', 're-exported file: all bytes differ, no value does', 1.7, 'x L'),
  sameFile: atMost('load', 'same file again, start-up taken off', 0.25, 'x L'),
  loadRss: atMost('load', 'peak RSS of the client, the largest of these runs', 220, 'MB'),
  csvParse: atLeast('csv', 'CSV reading alone, against csv-parse', 5, 'x as fast'),
  csvDuckdb: atMost('csv', 'CSV reading alone, against the scan of DuckDB’s read_csv', 1.6, 'x its time'),
  xlsxSpeed: atLeast('xlsx', 'XLSX reading alone, against xlsx 0.20.3 lean', 5, 'x as fast'),
  xlsxRssPart: full(atMost('xlsx', 'XLSX reading alone, peak RSS against xlsx 0.20.3', 0.2, 'x its RSS')),
  xlsxRss: atMost('xlsx', 'XLSX reading alone, peak RSS', 512, 'MB'),
  pgliteFirstLoad: atMost('pglite', 'PGlite, first load: what it takes beyond 2 x the same on PostgreSQL', 3, 's'),
  help: atMost('startup', '`projetus --help`', 0.25, 's'),
  health: atMost('startup', '`projetus health` on PostgreSQL', 0.6, 's'),
  smallHeap: atMost('shapes', 'runs with a heap of 256 MB that did not end well', 0, 'runs'),
  shapesRss: atMost('shapes', 'peak RSS of the client, the largest run of CSV', 220, 'MB'),
  workbookRss: atMost('shapes', 'peak RSS of the client, the largest run of XLSX', 512, 'MB'),
  growthFirst: full(atMost('growth', 'time per row, first load, from 100k to 5M rows', 20, '% more')),
  growthNext: full(atMost('growth', 'time per row, next day, from 100k to 5M rows', 20, '% more')),
  growthRss: full(atMost('growth', 'peak RSS of the client, from 1M to 5M rows', 100, 'bytes more per row')),
  historySlowdown: atMost('history', 'next day’s run on 365 days of lineage', 10, '% slower'),
  lineageShow: atMost('history', '`lineage show` among them, median', 50, 'ms'),
  lineagePrune: atMost('history', '`lineage prune` of one month, median', 1000, 'ms'),
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof limits;

export type Verdict = 'kept' | 'missed' | 'not judged';

/**
 * A value that is no number has missed its limit. Less than nothing, of what cannot be less: the machine was so busy that
 * start-up alone took longer than a whole run.
 */
export function verdictOn({ limit, value }: Finding, isFull: boolean): Verdict {
  const { bound, value: border, unit, isForFullOnly }: Limit = limits[limit];
  if ((isForFullOnly && !isFull) || (unit === 'x L' && value < 0)) return 'not judged';
  return (bound === 'at most' ? value <= border : value >= border) ? 'kept' : 'missed';
}

export function limitsOf(section: SectionName): LimitName[] {
  return (Object.keys(limits) as LimitName[]).filter((name) => limits[name].section === section);
}

/** `at most 1.7 x L` */
export function limitText(name: LimitName): string {
  const { bound, value, unit } = limits[name];
  return `${bound} ${value} ${unit}`;
}

function atMost(section: SectionName, what: string, value: number, unit: string): Limit {
  return { section, what, bound: 'at most', value, unit, isForFullOnly: false };
}

function atLeast(section: SectionName, what: string, value: number, unit: string): Limit {
  return { ...atMost(section, what, value, unit), bound: 'at least' };
}

function full(limit: Limit): Limit {
  return { ...limit, isForFullOnly: true };
}
