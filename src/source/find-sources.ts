import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { claims } from './match.ts';
import { lastFetched, originalName } from './refetched.ts';
import { regularFile, type SourceFile } from './regular-file.ts';

export type { SourceFile } from './regular-file.ts';

export type Sources = {
  readonly folder: string;
  /** The day in its name, YYYY-MM-DD; null where `rawDir` itself is read. */
  readonly folderDate: string | null;
  /** The files of each dataset, by name, in the order of their names. */
  readonly byDataset: ReadonlyMap<string, readonly SourceFile[]>;
  /** Files that no dataset takes. */
  readonly unexpected: readonly string[];
  /** Files that were fetched again later on their day, with other content. */
  readonly superseded: readonly string[];
};

/** What a dry run fetched: files of another folder that the next run will put into the day's. */
export type Preview = { readonly day: string; readonly folder: string; readonly names: readonly string[] };

type Found = { readonly name: string; readonly folder: string };

/** The files that can be data. Anything else in the folder (a `.part`, a note) is reported as unexpected. */
const dataFile = /\.(csv|tsv|txt|zip|gz|xlsx|xlsm|xls|xlsb|ods)$/i;

/**
 * Finds today's files: in the folder of `date`, else in the newest YYYY-MM-DD folder of `rawDir`, else in `rawDir`
 * itself. Throws `source-missing` when there is no such folder and `file-ambiguous` when two datasets claim one file.
 */
export async function findSources(
  rawDir: string,
  date: string | null,
  datasets: readonly Dataset[],
  preview: Preview | null = null,
): Promise<Sources> {
  const folderDate = preview?.day ?? (await dayOf(rawDir, date));
  const folder = folderDate === null ? rawDir : join(rawDir, folderDate);
  const { files, superseded } = await filesIn(folder, preview);
  const byDataset = new Map<string, SourceFile[]>(datasets.map((dataset) => [dataset.name, []]));
  const unexpected: string[] = [];
  for (const found of files) {
    const takers = dataFile.test(found.name) ? claims(originalName(found.name), datasets) : [];
    if (takers.length === 0) unexpected.push(found.name);
    if (takers.length === 0) continue;
    // What a dry run fetched lies elsewhere.
    const root = found.folder === preview?.folder ? preview.folder : rawDir;
    const file = await regularFile(root, found.folder, found.name);
    for (const dataset of takers) byDataset.get(dataset.name)!.push(file);
  }
  return { folder, folderDate, byDataset, unexpected, superseded };
}

/** Of files that were fetched more than once, the last; what a dry run fetched is later than all of them. */
async function filesIn(folder: string, preview: Preview | null): Promise<{ files: Found[]; superseded: string[] }> {
  const names = preview ? await fileNames(folder).catch(none) : await fileNames(folder);
  const fetched = preview?.names ?? [];
  const isCovered = (name: string) => fetched.some((other) => originalName(other) === originalName(name));
  const isLast = (name: string) => lastFetched(names, originalName(name)) === name && !isCovered(name);
  const files = [
    ...names.filter(isLast).map((name) => ({ name, folder })),
    ...fetched.map((name) => ({ name, folder: preview!.folder })),
  ];
  return { files: files.toSorted(byName), superseded: names.filter((name) => !isLast(name)) };
}

/** The day's folder is made by the first run that fetches into it. */
const none = (): string[] => [];

function byName(a: Found, b: Found): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

async function dayOf(rawDir: string, date: string | null): Promise<string | null> {
  const dated = await datedFolders(rawDir);
  if (date !== null && dated.includes(date)) return date;
  if (date !== null && dated.length > 0) {
    throw new ProjetusError('source-missing', `${rawDir} has no folder ${date}.`, {
      hint: `its newest folder is ${dated.at(-1)}; put the files of that day into ${join(rawDir, date)}`,
      file: rawDir,
    });
  }
  return dated.at(-1) ?? null;
}

/** Names of the YYYY-MM-DD folders, oldest first. */
export async function datedFolders(rawDir: string): Promise<string[]> {
  try {
    const entries = await readdir(rawDir, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && /^\d{4}-\d{2}-\d{2}$/.test(entry.name))
      .map((entry) => entry.name)
      .toSorted();
  } catch (cause) {
    throw new ProjetusError('source-missing', `The folder of raw files ${rawDir} cannot be read: ${(cause as Error).message}`, {
      hint: 'make it and put the files in, or set extraction.raw_dir',
      file: rawDir,
      cause,
    });
  }
}

/** Visible files; ours begin with a dot. */
export async function fileNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .toSorted();
}
