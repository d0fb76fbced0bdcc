import { benchRow } from './bench-row.ts';
import type { BenchRow } from './data-shape.ts';

/** What the second day differs in, per million rows: as many as two weeks of the real file. */
const removedPerMillion = 1_000;
const changedPerMillion = 10_000;
const addedPerMillion = 4_000;

const longTextLength = 5_000;
const longTextEvery = 100;

/** `offset` is the position of the first row: files with different ones have no row in common. */
export function* firstDay(rowCount: number, offset = 0): Generator<BenchRow> {
  for (let position = offset; position < offset + rowCount; position++) yield benchRow(position, 0);
}

/** Removed and changed rows lie spread over the file; those that are new come at its end, as in the real one. */
export function* secondDay(rowCount: number): Generator<BenchRow> {
  const removedEvery = Math.round(1_000_000 / removedPerMillion);
  const changedEvery = Math.round(1_000_000 / changedPerMillion);
  for (let position = 0; position < rowCount; position++) {
    if (position % removedEvery === removedEvery - 1) continue;
    yield benchRow(position, position % changedEvery === 7 ? 1 : 0);
  }
  const added = Math.round((rowCount * addedPerMillion) / 1_000_000);
  for (let position = rowCount; position < rowCount + added; position++) yield benchRow(position, 0);
}

/** One row in a hundred has a text of 5,000 characters. */
export function* longTexts(rowCount: number): Generator<BenchRow> {
  for (let position = 0; position < rowCount; position++) {
    const row = benchRow(position, 0);
    yield position % longTextEvery === 0 ? { ...row, texts: { ...row.texts, object: longText(row.texts.object) } } : row;
  }
}

function longText(start: string): string {
  return start.padEnd(longTextLength, ' São José; "Conceição" e adjacências.').slice(0, longTextLength - 1) + '.';
}
