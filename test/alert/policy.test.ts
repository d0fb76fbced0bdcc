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
  volume: { previous: null, current: 10, change_percent: null, tolerance_percent: 10, baseline: null, verdict: 'first' },
  profile: null,
  emptied_columns: [],
  holds: [],
  relations: [],
  stale_since: null,
  repeated_files: [],
  header_drift: null,
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

/** A run of which there is nothing to tell. */
const calm = {
  business_date: '2026-11-05',
  folder_date: '2026-11-05',
  late: false,
  datasets: [],
  unexpected_files: [],
  aborted_runs: [],
  missed_runs: [],
  error: null,
};

const alerts = (part: Partial<DatasetReport>, datasets = obras(), unexpected: string[] = []) =>
  alertsOf({ ...calm, datasets: [{ ...entry, ...part }], unexpected_files: unexpected }, datasets);

const relation = { column: 'ibge', references: 'municipios.ibge', matched: 8, orphan_samples: [] };
const orphans = [{ ...relation, orphans: 6, orphan_causes: { filtered: 1, rejected: 2, vanished: 0, unknown: 3, unread: 0 } }];
const emptied = { column: 'nome', before_percent: 99.5, now_percent: 3 };
const failure = { code: 'source-empty' as const, message: 'empty', hint: null, file: null, line: null, column: null };

describe('the alerts of a run', () => {
  it.each<[string, Partial<DatasetReport>, string[]]>([
    ['are none when all is well', {}, []],
    ['tell new rejects', { counts: counted({ read: 10, rejected: 2, new_rejects: 1 }) }, ['warning rows-rejected']],
    ['do not tell rejects that are known', { counts: counted({ read: 10, rejected: 2 }) }, []],
    ['tell vanished records', { counts: counted({ read: 10, vanished: 1 }) }, ['warning rows-vanished']],
    ['tell repeated rows', { counts: counted({ read: 10, duplicate: 1 }) }, ['warning rows-duplicate']],
    ['tell orphans', { relations: orphans }, ['warning orphans-found']],
    ['tell a column that was emptied', { emptied_columns: [emptied] }, ['warning column-emptied']],
    ['tell stale files', { stale_since: '2026-11-01' }, ['warning source-stale']],
    ['tell files with one content', { repeated_files: ['b.csv'] }, ['warning source-repeated']],
    ['tell a missing optional file', { status: 'missing', counts: null, sources: [] }, ['warning source-missing-optional']],
    ['tell an error once, as critical', { status: 'missing', counts: null, error: failure }, ['critical source-empty']],
    [
      'tell a drop',
      { volume: { previous: 100, current: 50, change_percent: -50, tolerance_percent: 10, baseline: null, verdict: 'drop' } },
      ['warning volume-anomaly'],
    ],
    [
      'tell a rise',
      { volume: { previous: 100, current: 150, change_percent: 50, tolerance_percent: 10, baseline: null, verdict: 'rise' } },
      ['warning volume-anomaly'],
    ],
    [
      'tell who let a dataset pass a guard, for those who want to know everything',
      { holds: [{ guard: 'volume', message: 'moved.', facts: {}, accepted: { by: 'ana@casa', at: '2026-11-20T12:00:00Z' } }] },
      ['info hold-accepted'],
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

  it('name what became of the records that orphans refer to', () => {
    expect(alerts({ relations: orphans })[0]!.message).toBe(
      'obras: the ibge of 6 rows is not in municipios.ibge (2 rejected there today, 1 filtered there today, 3 unknown there)',
    );
  });

  it.each([
    [
      { added: ['Ç'], lost: ['A', 'B'], renamed: [{ from: 'Valor', to: 'Valores' }] },
      'new columns Ç; lost columns A and B; Valor is probably called Valores now',
    ],
    [{ added: [...'abcdefg'], lost: [], renamed: [] }, 'new columns a, b, c, d, e, f and 1 more'],
    [{ added: ['x'.repeat(1000)], lost: [], renamed: [] }, `new columns ${'x'.repeat(39)}…`],
    [{ added: ['💧'.repeat(41)], lost: [], renamed: [] }, `new columns ${'💧'.repeat(39)}…`],
  ])('say in one sentence how a header drifted: %j', (header_drift, text) => {
    expect(alerts({ header_drift })).toMatchObject([{ code: 'header-drift', severity: 'warning', message: `obras: ${text}` }]);
  });

  it.each([
    ['since it was published', '2026-11-03', ['source-late']],
    ['since a later day', '2026-11-04', ['source-late']],
    ['since before it', '2026-11-02', ['source-late', 'source-stale']],
  ])('of a late folder do not tell of files that are stale %s', (_, stale_since, codes) => {
    const late = { ...calm, folder_date: '2026-11-03', late: true, datasets: [{ ...entry, stale_since }] };
    const found = alertsOf(late, obras());
    expect(found.map(({ code }) => code)).toEqual(codes);
    expect(found[0]).toMatchObject({
      severity: 'warning',
      code: 'source-late',
      dataset: null,
      message: 'the newest folder of raw files is 2026-11-03; the files of 2026-11-05 have not come, so older ones were read',
    });
  });

  it('name a run that never ended', () => {
    const dead = { run_id: '20261101T120000-dead', started_at: '2026-11-01T12:00:00.000Z', host: 'maquina' };
    expect(alertsOf({ ...calm, aborted_runs: [dead] }, obras())).toMatchObject([
      {
        severity: 'warning',
        code: 'run-aborted',
        dataset: null,
        message:
          'the run 20261101T120000-dead, begun on maquina at 2026-11-01T12:00:00.000Z, never ended; nothing of it was published',
      },
    ]);
  });

  it('have the error of the run first, when no dataset tells it, and then none of the warnings that it may have caused', () => {
    const error = { ...failure, code: 'locked' as const, message: 'locked' };
    const found = alertsOf(
      {
        ...calm,
        datasets: [
          { ...entry, stale_since: '2026-11-01' },
          { ...entry, error: failure },
        ],
        error,
      },
      obras(),
    );
    expect(found.map(({ code }) => code)).toEqual(['locked', 'source-empty']);
  });

  it('are one for each guard that holds a dataset, with what it found', () => {
    const holds = [
      { guard: 'vanish' as const, message: 'obras: gone.', facts: { vanished: 9, live: 10, limit: 1 }, accepted: null },
      { guard: 'stale' as const, message: 'obras: old.', facts: { since: '2026-11-01' }, accepted: null },
      { guard: 'volume' as const, message: 'obras: few.', facts: {}, accepted: { by: 'ana@casa', at: '2026-11-20T12:00:00Z' } },
    ];
    const error = { ...failure, code: 'guard-vanish' as const, message: 'obras: gone. obras: old.' };
    expect(alerts({ holds, error, status: 'held' })).toMatchObject([
      { severity: 'critical', code: 'guard-vanish', message: 'obras: gone.', facts: { vanished: 9 } },
      { severity: 'critical', code: 'guard-stale', message: 'obras: old.' },
      { severity: 'info', code: 'hold-accepted' },
    ]);
  });

  it('name the runs that never started', () => {
    const missed_runs = ['2026-11-20T12:15:00.000Z', '2026-11-21T12:15:00.000Z'];
    expect(alertsOf({ ...calm, missed_runs }, obras())).toMatchObject([
      { code: 'run-missed', message: 'no run is on record for 2026-11-20T12:15:00.000Z and 2026-11-21T12:15:00.000Z' },
    ]);
  });
});
