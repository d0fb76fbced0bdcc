import { join } from 'node:path';
import { propostas, type BenchDataset } from '../make/bench-project.ts';
import { benchData } from '../make/bench-data.ts';
import { benchColumns, wideColumns } from '../make/data-shape.ts';
import { partCount, partName, type DataKind } from '../make/kinds.ts';

/** What is loaded first, in an unusual shape. */
export type Shape = {
  readonly name: string;
  readonly rows: number;
  readonly kind: DataKind;
  /** Holds day1-clean.csv with the same values. */
  readonly twin: DataKind;
  readonly sources: readonly Source[];
  readonly nodeFlags: readonly string[];
  readonly format: 'csv' | 'xlsx';
};

export type Source = { readonly dataset: BenchDataset; readonly file: string };

/** `most` is the number of rows of the largest ones. */
export function shapesOf(most: number): readonly Shape[] {
  const csv: Shape = {
    name: 'CSV',
    rows: most,
    kind: 'days',
    twin: 'days',
    sources: [{ dataset: propostas, file: 'day1.csv' }],
    nodeFlags: [],
    format: 'csv',
  };
  const workbook: Shape = {
    ...csv,
    rows: most / 2,
    sources: [{ dataset: propostas, file: 'day1.xlsx' }],
    format: 'xlsx',
  };
  const wide: BenchDataset = { name: propostas.name, columns: wideColumns };
  return [
    { ...csv, name: 'CSV' },
    { ...csv, name: 'CSV, a heap of 256 MB', nodeFlags: ['--max-old-space-size=256'] },
    { ...csv, name: 'CSV in a .zip', kind: 'zip', sources: [{ dataset: propostas, file: 'day1.zip' }] },
    { ...workbook, name: 'XLSX, shared strings', kind: 'xlsx-shared' },
    { ...workbook, name: 'XLSX, inline strings', kind: 'xlsx-inline' },
    { ...csv, name: `${partCount} datasets`, kind: 'parts', sources: parts() },
    { ...csv, name: 'a text of 5,000 characters in 1 % of the rows', rows: most / 10, kind: 'long-text', twin: 'long-text' },
    {
      ...csv,
      name: `${wideColumns.length} columns`,
      rows: most / 20,
      kind: 'wide',
      twin: 'wide',
      sources: [{ dataset: wide, file: 'day1.csv' }],
    },
  ];
}

function parts(): Source[] {
  return Array.from({ length: partCount }, (_, index) => ({
    dataset: { name: partName(index), columns: benchColumns },
    file: `${partName(index)}.csv`,
  }));
}

/** The files of a shape, and its twin for L. Made when they are not there. */
export async function filesOf(shape: Shape): Promise<{ readonly folder: string; readonly clean: string }> {
  const folder = await benchData(shape.kind, shape.rows);
  return { folder, clean: join(await benchData(shape.twin, shape.rows), 'day1-clean.csv') };
}
