import { describe, expect, it, test } from 'vitest';
import type { ColumnProfile, DatasetReport } from '../../src/core/report.ts';
import { columnsGuard, emptiedColumns } from '../../src/guard/columns.ts';
import type { Watched } from '../../src/guard/watched.ts';
import { beginExamined } from '../../src/run/examined.ts';
import { columnOf, datasetOf } from '../validate/harness.ts';

const dataset = datasetOf([columnOf('id'), columnOf('nome'), columnOf('valor', 'decimal(18,2)'), columnOf('uf')], {
  requiredColumns: ['id', 'nome'],
});

const text = (filled: number): ColumnProfile => ({ filled, nonzero: null, absolute_sum: null });
/** `zeros` more values than those that make up the mean. */
const number = (nonzero: number, mean: number, zeros = 0): ColumnProfile => ({
  filled: nonzero + zeros,
  nonzero,
  absolute_sum: nonzero * mean,
});

type Day = [records: number, columns: Record<string, ColumnProfile>] | null;

function watched(before: Day, now: Day, { floorRows = 20, missing = [] as string[] } = {}): Watched {
  const reportOf = (day: Day): DatasetReport => {
    const { report } = beginExamined(dataset);
    const columns = { mapped: {}, unknown: [], missing, renamed: {} };
    const source = { columns } as unknown as DatasetReport['sources'][number];
    return { ...report, sources: [source], profile: day && { records: day[0], columns: day[1] } };
  };
  return { dataset, report: reportOf(now), liveBefore: 0, floorRows, lastRelations: [], last: before && reportOf(before) };
}

const message = (before: Day, now: Day, options = {}) => columnsGuard(watched(before, now, options))?.message ?? null;
const emptied = (before: Day, now: Day, options = {}) => emptiedColumns(watched(before, now, options));

/** A text that holds this, or nothing. */
const saying = (part: string | null): unknown => (part === null ? null : expect.stringContaining(part));

describe('a required column', () => {
  it.each<[string, Day, Day, string | null]>([
    [
      'blank',
      [1000, { nome: text(998) }],
      [1100, { nome: text(0) }],
      'nome is filled in 0 of 1100 records, and was in 998 of 1000',
    ],
    ['nearly blank', [1000, { nome: text(1000) }], [1000, { nome: text(99) }], 'nome is filled in 99 of 1000'],
    ['a tenth filled', [1000, { nome: text(1000) }], [1000, { nome: text(100) }], null],
    ['as sparse as before', [1000, { nome: text(50) }], [1000, { nome: text(45) }], null],
    ['sparse, and blank now', [1000, { nome: text(50) }], [1000, { nome: text(1) }], 'was in 50 of 1000'],
    ['always blank', [1000, { nome: text(0) }], [1000, { nome: text(0) }], null],
    ['filled at last', [1000, { nome: text(0) }], [1000, { nome: text(1000) }], null],
    ['blank in a table below the floor', [20, { nome: text(20) }], [20, { nome: text(0) }], null],
    ['blank in a table just above the floor', [21, { nome: text(21) }], [21, { nome: text(0) }], 'nome is filled in 0 of 21'],
    ['blank in the few rows of a delta', [1000, { nome: text(1000) }], [3, { nome: text(0) }], null],
    ['blank where few rows were before', [3, { nome: text(3) }], [1000, { nome: text(0) }], null],
    ['of a file without records', [1000, { nome: text(1000) }], [0, { nome: text(0) }], null],
    ['after a file without records', [0, { nome: text(0) }], [1000, { nome: text(0) }], null],
    ['that is the key', [1000, { id: text(1000) }], [1000, { id: text(0) }], 'id is filled in 0 of 1000'],
    ['that is not required', [1000, { uf: text(1000) }], [1000, { uf: text(0) }], null],
    ['of a first run', null, [1000, { nome: text(0) }], null],
    ['of files that are not read again', [1000, { nome: text(1000) }], null, null],
    ['after a run of a version that kept no profile', null, [1000, { nome: text(0) }], null],
  ])('%s', (_, before, now, expected) => {
    expect(message(before, now)).toEqual(saying(expected));
  });

  it('is compared at once where the configuration has no floor', () => {
    expect(message([1, { nome: text(1) }], [1, { nome: text(0) }], { floorRows: 0 })).toContain('nome is filled in 0 of 1 ');
  });

  it('says nothing after a run whose report has no profile at all', () => {
    const { profile, ...old } = watched([9, {}], [9, {}]).last!;
    expect(profile).not.toBeUndefined();
    const later = { ...watched(null, [1000, { nome: text(0) }]), last: old as DatasetReport };
    expect([columnsGuard(later), emptiedColumns(later)]).toEqual([null, []]);
  });
});

const separators = 'which looks like decimal separators read wrongly';

describe('a column of numbers', () => {
  it.each<[string, ColumnProfile, ColumnProfile, string | null]>([
    [
      'a hundred times as large',
      number(1000, 1234.56),
      number(1010, 123456),
      `123456.00, and was 1234.56 (100 times as much, ${separators})`,
    ],
    ['a hundred times smaller', number(1000, 123456), number(1000, 1200), `(103 times less, ${separators})`],
    ['a thousand times as large', number(1000, 5), number(1000, 5500), `(1100 times as much, ${separators})`],
    ['fifty times as large', number(1000, 1), number(1000, 50), 'the mean of valor is 50.00, and was 1.00 (50 times as much).'],
    ['400 times as large', number(1000, 1), number(1000, 400), '(400 times as much).'],
    ['49 times as large', number(1000, 1), number(1000, 49), null],
    ['10 % larger', number(1000, 100), number(1100, 110), null],
    ['of few values before', number(20, 1), number(1000, 1000), null],
    ['of few values now', number(1000, 1), number(20, 1000), null],
    ['that was all zero', number(0, 0, 1000), number(1000, 5), null],
    ['with a few values among zeros', number(3, 1, 997), number(5, 9000, 995), null],
    ['with fewer zeros', number(30, 100, 970), number(990, 100, 10), null],
    [
      'that is all zero now',
      number(950, 100, 50),
      number(0, 0, 1000),
      'valor is 0 in 1000 of 1000 values, and was in 50 of 1000',
    ],
    [
      'that is nearly all zero now',
      number(1000, 100),
      number(20, 100, 980),
      'valor is 0 in 980 of 1000 values, and was in 0 of 1000',
    ],
    ['that is mostly zero now', number(1000, 100), number(21, 100, 979), null],
    ['that is all zero in a small table', number(20, 100), number(0, 0, 20), null],
    ['that is all zero in the few rows of a delta', number(1000, 100), number(0, 0, 9), null],
    ['that is all blank', number(1000, 100), number(0, 0), null],
    ['that was text before', text(1000), number(1000, 5), null],
    ['that is text now', number(1000, 5), text(1000), null],
  ])('%s', (_, before, now, expected) => {
    expect(message([1000, { valor: before }], [1000, { valor: now }])).toEqual(saying(expected));
  });
});

it('says all of it in one sentence, with what to look at', () => {
  const before: Day = [1000, { nome: text(1000), uf: text(1000), valor: number(1000, 2) }];
  const now: Day = [1000, { nome: text(0), uf: text(0), valor: number(1000, 200) }];
  expect(columnsGuard(watched(before, now))).toEqual({
    guard: 'columns',
    message:
      'things: compared with the run before, nome is filled in 0 of 1000 records, and was in 1000 of 1000; ' +
      `the mean of valor is 200.00, and was 2.00 (100 times as much, ${separators}).`,
    facts: {
      blank: [{ column: 'nome', before: 100, now: 0 }],
      moved: [{ column: 'valor', before: 2, now: 200 }],
      zeroed: [],
    },
    hint: 'look at these columns in the file; format.decimal says how numbers are written there',
  });
});

describe('an emptied column', () => {
  const full = { nome: text(1000), uf: text(1000) };

  test.each<[string, Day, Day, object[]]>([
    ['is blank', [1000, full], [1000, { uf: text(0) }], [{ column: 'uf', before_percent: 100, now_percent: 0 }]],
    [
      'lost two thirds',
      [3000, { uf: text(1000) }],
      [900, { uf: text(100) }],
      [{ column: 'uf', before_percent: 33.33, now_percent: 11.11 }],
    ],
    ['lost not quite half', [1000, full], [1000, { uf: text(500) }], []],
    ['is in a small table', [20, { uf: text(20) }], [20, { uf: text(0) }], []],
    ['was always blank', [1000, { uf: text(0) }], [1000, { uf: text(0) }], []],
    ['is new', [1000, { nome: text(1000) }], [1000, { nome: text(1000), uf: text(0) }], []],
    ['has the name of what every object has', [1000, full], [1000, { constructor: text(0) }], []],
    [
      'is required, and lost most',
      [1000, full],
      [1000, { nome: text(300) }],
      [{ column: 'nome', before_percent: 100, now_percent: 30 }],
    ],
    ['is required and blank: that holds', [1000, full], [1000, { nome: text(0) }], []],
  ])('%s', (_, before, now, expected) => expect(emptied(before, now)).toEqual(expected));

  it('is not told again when the file lacks it', () => {
    expect(emptied([1000, full], [1000, { uf: text(0) }], { missing: ['uf'] })).toEqual([]);
  });
});
