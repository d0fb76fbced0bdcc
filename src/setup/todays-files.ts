import type { Config } from '../config/config.ts';
import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { firstRows } from '../parse/first-rows.ts';
import { openTable } from '../parse/open-table.ts';
import { findSources, type SourceFile, type Sources } from '../source/find-sources.ts';
import { matchHeader } from '../validate/header.ts';

/** Which of today's files are whose, and how their headers fit. */
export type TodaysFiles = {
  /** Where they are; null when there is no folder of raw files. */
  readonly folder: string | null;
  readonly datasets: readonly { readonly dataset: Dataset; readonly files: readonly FileFit[] }[];
  /** Files that no dataset takes. */
  readonly unexpected: readonly string[];
};

/** How a file fits its dataset; or why it cannot be loaded. */
export type FileFit = { readonly file: string } & (
  | { readonly error: ProjetusError }
  | {
      readonly error: null;
      readonly headerRow: number;
      /** Column to header. */
      readonly mapped: Readonly<Record<string, string>>;
      /** Headers that no column names. */
      readonly unknown: readonly string[];
      /** Columns that the file lacks. */
      readonly missing: readonly string[];
    }
);

/**
 * Opens every file that a run would read, as far as its header. Throws `file-ambiguous`; what is wrong with one file stands
 * with it.
 */
export async function todaysFiles({ extraction }: Config, signal: AbortSignal): Promise<TodaysFiles> {
  const sources = await sourcesOf(extraction);
  const datasets = [];
  for (const dataset of extraction.datasets) {
    const files: FileFit[] = [];
    for (const file of sources?.byDataset.get(dataset.name) ?? []) files.push(await fitOf(dataset, file, signal));
    datasets.push({ dataset, files });
  }
  return { folder: sources?.folder ?? null, datasets, unexpected: sources?.unexpected ?? [] };
}

/** Null when there are no raw files to look at: a configuration can be checked without. */
async function sourcesOf({ rawDir, datasets }: Config['extraction']): Promise<Sources | null> {
  try {
    return await findSources(rawDir, null, datasets);
  } catch (error) {
    if (error instanceof ProjetusError && error.code === 'source-missing') return null;
    throw error;
  }
}

async function fitOf(dataset: Dataset, file: SourceFile, signal: AbortSignal): Promise<FileFit> {
  try {
    const table = await openTable(file, dataset.format, signal);
    const { rowNumber, mapped, unknown, missing } = matchHeader(dataset, await firstRows(table), file.name);
    return { file: file.name, error: null, headerRow: rowNumber, mapped, unknown, missing };
  } catch (error) {
    if (error instanceof ProjetusError) return { file: file.name, error };
    throw error;
  }
}
