import { describe, expect, it } from 'vitest';
import type { DatasetReport, SourceReport } from '../../src/core/report.ts';
import { encodingGuard } from '../../src/guard/encoding.ts';
import { beginExamined } from '../../src/run/examined.ts';
import { columnOf, datasetOf } from '../validate/harness.ts';

const dataset = datasetOf([columnOf('id'), columnOf('nome')]);

/** A file of four columns: two of them loaded, two not. */
const file = (rows: number, replaced: number, double_encoded = 0, name = 'a.csv') =>
  ({
    file: name,
    rows,
    columns: { mapped: { id: 'ID', nome: 'Nome' }, unknown: ['UF', 'Ano'], missing: [], renamed: {} },
    damaged_text: { replaced, double_encoded },
  }) as unknown as SourceReport;

const reportOf = (...sources: SourceReport[]): DatasetReport => ({ ...beginExamined(dataset).report, sources });

function finding(last: DatasetReport | null, now: DatasetReport, floorRows = 20) {
  return encodingGuard({ dataset, report: now, liveBefore: 0, floorRows, lastRelations: [], last });
}

const clean = reportOf(file(10_000, 0));

describe('damaged text', () => {
  it.each<[string, DatasetReport | null, DatasetReport, boolean]>([
    ['above 0.1 % of the cells', clean, reportOf(file(10_000, 41)), true],
    ['of 0.1 % of the cells', clean, reportOf(file(10_000, 40)), false],
    ['of both kinds together', clean, reportOf(file(10_000, 20, 21)), true],
    ['in a first run', null, reportOf(file(10_000, 41)), true],
    ['in a few places of a small table', clean, reportOf(file(10, 20)), false],
    ['in more places than the floor', clean, reportOf(file(10, 21)), true],
    ['as often as before', reportOf(file(10_000, 500)), reportOf(file(11_000, 550)), false],
    ['twice as often as before', reportOf(file(10_000, 500)), reportOf(file(10_000, 1000)), false],
    ['more than twice as often as before', reportOf(file(10_000, 500)), reportOf(file(10_000, 1001)), true],
    ['in one of two files', clean, reportOf(file(10_000, 0), file(10_000, 81, 0, 'b.csv')), true],
    ['diluted by a clean file', clean, reportOf(file(10_000, 41), file(10_000, 0, 0, 'b.csv')), false],
    ['in files that are not read again', clean, reportOf(file(0, 0)), false],
    ['nowhere', clean, clean, false],
    ['after a run without rows', reportOf(file(0, 0)), reportOf(file(10_000, 41)), true],
  ])('%s', (_, last, now, isFound) => expect(finding(last, now) !== null).toBe(isFound));

  it('is told with its numbers, its files and what it looks like', () => {
    const now = reportOf(file(1000, 30, 0, 'a.csv'), file(1000, 0, 0, 'b.csv'), file(1000, 10, 20, 'c.csv'));
    expect(finding(clean, now)).toEqual({
      guard: 'encoding',
      message:
        'things: text is damaged in 60 places of 12000 cells (0.50 %, and at most 0.1 % may be): ' +
        'a.csv has 30 letters that became U+FFFD (\uFFFD); ' +
        'c.csv has 10 letters that became U+FFFD (\uFFFD) and 20 that were encoded twice ("Ã§" for "ç").',
      facts: { files: ['a.csv', 'c.csv'], replaced: 40, double_encoded: 20, percent: 0.5 },
      hint: 'download it again; if it opens well elsewhere, format.encoding says how it is written',
    });
  });

  it('names no more than five files', () => {
    const files = Array.from({ length: 9 }, (_, index) => file(100, 10, 0, `${index}.csv`));
    expect(finding(clean, reportOf(...files))!.message).toMatch(
      /: 0\.csv has.*; 4\.csv has 10 [^;]*; 4 more files are damaged\.$/,
    );
  });

  it('counts a column that is loaded and not declared once', () => {
    const loose = file(10_000, 41);
    const columns = { ...loose.columns, mapped: { id: 'ID', nome: 'Nome', uf: 'UF', ano: 'Ano' } };
    expect(finding(clean, reportOf({ ...loose, columns }))!.message).toContain('41 places of 40000 cells');
  });
});
