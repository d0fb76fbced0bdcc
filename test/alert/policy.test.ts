import { describe, expect, it } from 'vitest';
import { alertsOf } from '../../src/alert/policy.ts';
import type { Dataset } from '../../src/core/dataset.ts';
import type { DatasetReport, SourceReport } from '../../src/core/report.ts';
import { counted } from '../run/story.ts';

const source: SourceReport = {
  file: 'obras.csv',
  sha256: '',
  bytes: 1,
  member: null,
  sheet: null,
  encoding: null,
  delimiter: null,
  header_row: 1,
  columns: { mapped: {}, unknown: [], missing: [], renamed: {} },
  blank_rows: 0,
  footer_rows: 0,
  error_cells: {},
  absurd_dates: {},
  damaged_text: { replaced: 0, double_encoded: 0 },
  control_totals: [],
  rows: 1,
  decisions: [],
};

const entry: DatasetReport = {
  name: 'obras',
  entity: 'obra',
  table: 'obras',
  status: 'loaded',
  sources: [source],
  counts: counted({ read: 10, inserted: 10 }),
  stored: 10,
  balanced: true,
  volume: { previous: null, change_percent: null, tolerance_percent: 10, verdict: 'first' },
  relations: [],
  stale_since: null,
  repeated_files: [],
  kept: 0,
  samples: [],
  rejects: [],
  error: null,
};

const obras = (relations: readonly { onOrphan: string }[] = [], distinct = false) =>
  [
    {
      name: 'obras',
      distinct,
      relations: relations.map(({ onOrphan }) => ({
        column: 'ibge',
        references: { dataset: 'municipios', column: 'ibge' },
        onOrphan,
      })),
    },
  ] as unknown as Dataset[];

const alerts = (part: Partial<DatasetReport>, datasets = obras(), unexpected: string[] = []) =>
  alertsOf({ datasets: [{ ...entry, ...part }], unexpected_files: unexpected, error: null }, datasets);

const orphans = [{ column: 'ibge', references: 'municipios.ibge', matched: 8, orphans: 2 }];
const failure = { code: 'source-empty' as const, message: 'empty', hint: null, file: null, line: null, column: null };

describe('the alerts of a run', () => {
  it.each<[string, Partial<DatasetReport>, string[]]>([
    ['are none when all is well', {}, []],
    ['tell new rejects', { counts: counted({ read: 10, rejected: 2, new_rejects: 1 }) }, ['warning rows-rejected']],
    ['do not tell rejects that are known', { counts: counted({ read: 10, rejected: 2 }) }, []],
    ['tell vanished records', { counts: counted({ read: 10, vanished: 1 }) }, ['warning rows-vanished']],
    ['tell repeated rows', { counts: counted({ read: 10, duplicate: 1 }) }, ['warning rows-duplicate']],
    ['tell orphans', { relations: orphans }, ['warning orphans-found']],
    ['tell stale files', { stale_since: '2026-11-01' }, ['warning source-stale']],
    ['tell files with one content', { repeated_files: ['b.csv'] }, ['warning source-repeated']],
    ['tell a missing optional file', { status: 'missing', counts: null, sources: [] }, ['warning source-missing-optional']],
    ['tell an error once, as critical', { status: 'missing', counts: null, error: failure }, ['critical source-empty']],
    [
      'tell a drop',
      { volume: { previous: 100, change_percent: -50, tolerance_percent: 10, verdict: 'drop' } },
      ['warning volume-anomaly'],
    ],
    [
      'tell a rise',
      { volume: { previous: 100, change_percent: 50, tolerance_percent: 10, verdict: 'rise' } },
      ['warning volume-anomaly'],
    ],
    [
      'tell error cells by column',
      { sources: [{ ...source, error_cells: { a: 1, b: 2 } }] },
      ['warning error-cells', 'warning error-cells'],
    ],
    ['tell absurd dates', { sources: [{ ...source, absurd_dates: { a: 1 } }] }, ['warning dates-absurd']],
    [
      'tell damaged text',
      { sources: [{ ...source, damaged_text: { replaced: 1, double_encoded: 0 } }] },
      ['warning text-damaged'],
    ],
    [
      'tell missing columns',
      { sources: [{ ...source, columns: { ...source.columns, missing: ['uf'] } }] },
      ['warning column-missing'],
    ],
    [
      'tell renamed columns',
      { sources: [{ ...source, columns: { ...source.columns, renamed: { _a: 'a' } } }] },
      ['warning column-renamed'],
    ],
    [
      'tell totals that do not match, and no others',
      {
        sources: [
          {
            ...source,
            control_totals: [
              { column: 'a', file: '1', computed: '2', match: false },
              { column: 'b', file: '1', computed: '1', match: true },
            ],
          },
        ],
      },
      ['warning control-total-mismatch'],
    ],
  ])('%s', (_, part, expected) => {
    const found = alerts(part);
    expect(found.map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected);
    for (const { dataset, message } of found) expect([dataset, message.length > 0]).toEqual(['obras', true]);
  });

  it('leave out repeats that are expected and orphans that are ignored', () => {
    expect(alerts({ counts: counted({ read: 10, duplicate: 1 }) }, obras([], true))).toEqual([]);
    expect(alerts({ relations: orphans }, obras([{ onOrphan: 'ignore' }]))).toEqual([]);
    expect(alerts({ relations: orphans }, obras([{ onOrphan: 'warn' }]))).toHaveLength(1);
    expect(alerts({ relations: orphans }, obras([{ onOrphan: 'reject' }]))).toHaveLength(1);
  });

  it('tell files that nobody expects, without a dataset', () => {
    expect(alerts({}, obras(), ['x.csv'])).toMatchObject([{ severity: 'warning', code: 'file-unexpected', dataset: null }]);
  });

  it('have the critical ones first, and the error of the run when no dataset tells it', () => {
    const error = { ...failure, code: 'locked' as const, message: 'locked' };
    const found = alertsOf(
      {
        datasets: [
          { ...entry, stale_since: '2026-11-01' },
          { ...entry, error: failure },
        ],
        unexpected_files: [],
        error,
      },
      obras(),
    );
    expect(found.map(({ code }) => code)).toEqual(['locked', 'source-empty', 'source-stale']);
  });
});
