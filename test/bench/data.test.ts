import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { cleanStyle, csvLine, rawStyle, reexportedStyle, type Style } from '../../bench/make/csv-line.ts';
import { benchColumns, wideColumns } from '../../bench/make/data-shape.ts';
import { firstDay, longTexts, secondDay } from '../../bench/make/day-rows.ts';
import { expectedCounts, firstLoad, nextDay, assertCounts } from '../../bench/steps.ts';

const rowCount = 2_000;

describe('the benchmark’s data', () => {
  it('differ in the bytes of every row, and in no value, when they are re-exported', () => {
    const rows = [...firstDay(200)];
    const raw = rows.map((row) => csvLine(row, rawStyle, benchColumns.length));
    const again = rows.map((row) => csvLine(row, reexportedStyle, benchColumns.length));
    expect(
      raw.filter((line, index) => cellsOf(line, rawStyle).join('\0') === cellsOf(again[index]!, reexportedStyle).join('\0')),
    ).toEqual([]);
    expect(raw.map((line) => valuesOf(line, rawStyle))).toEqual(again.map((line) => valuesOf(line, reexportedStyle)));
    expect(raw.map((line) => valuesOf(line, rawStyle))).toEqual(
      rows.map((row) => valuesOf(csvLine(row, cleanStyle, benchColumns.length), cleanStyle)),
    );
  });

  it('have the changes of the second day that the counts expect', () => {
    const before = new Map([...firstDay(rowCount)].map((row) => [row.id, JSON.stringify(row)]));
    const after = [...secondDay(rowCount)];
    const known = after.filter((row) => before.has(row.id));
    expect(expectedCounts(nextDay, rowCount)).toMatchObject({
      read: after.length,
      inserted: after.length - known.length,
      updated: known.filter((row) => before.get(row.id) !== JSON.stringify(row)).length,
      vanished: before.size - known.length,
    });
  });

  it('have texts of exactly 5,000 characters', () => {
    const lengths = [...longTexts(rowCount)].map((row) => row.texts.object.length).filter((length) => length > 1_000);
    expect(lengths).toEqual(Array.from({ length: rowCount / 100 }, () => 5_000));
  });

  it('have 300 cells in a row of the wide file', () => {
    const [row] = firstDay(1);
    expect(cellsOf(csvLine(row!, rawStyle, wideColumns.length), rawStyle)).toHaveLength(wideColumns.length);
    expect(wideColumns).toHaveLength(300);
  });
});

describe('counts that are not as expected', () => {
  const counts = { ...expectedCounts(firstLoad, 10) };
  const report = (name: string, read: number) =>
    JSON.stringify({ datasets: [{ name, counts: { ...counts, read }, stored: counts['stored'] }] });

  it.each([
    { title: 'another count', stdout: report('a', 11), message: 'a: read is 11 where 10 was expected' },
    { title: 'another dataset', stdout: report('b', 10), message: 'the report is about b; expected a' },
  ])('end the benchmark: $title', ({ stdout, message }) => {
    expect(() => assertCounts(stdout, { a: counts })).toThrow(message);
  });

  it('and those that are do not', () => {
    expect(() => assertCounts(report('a', 10), { a: counts })).not.toThrow();
  });
});

function cellsOf(line: string, { delimiter }: Style): string[] {
  const [cells] = parse(line, { delimiter });
  return cells!;
}

/** Days and amounts in one form. */
function valuesOf(line: string, style: Style): string[] {
  return cellsOf(line, style).map((cell) =>
    cell.replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, '$3-$2-$1').replace(/^(\d+),(\d\d)$/, '$1.$2'),
  );
}
