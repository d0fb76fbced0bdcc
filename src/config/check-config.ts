import type { Dataset } from '../core/dataset.ts';
import { nearest } from '../core/names.ts';
import { checkDataset, type Show } from './check-dataset.ts';
import { checkDatasets } from './check-datasets.ts';
import type { ConfigFile, DatasetFile } from './config-file.ts';
import { checkDatabaseUrl } from './database-url.ts';
import { datasetFromFile } from './dataset-from-file.ts';
import { valueAt, type Path } from './path.ts';
import type { Problem } from './problems.ts';
import { redact, shownValue } from './shown-value.ts';
import type { Findings } from './substitute.ts';
import { validateSchema } from './validate-schema.ts';

export type Checked =
  { readonly file: ConfigFile; readonly datasets: readonly Dataset[] } | { readonly problems: readonly Problem[] };

/**
 * The tree as a valid configuration, or every problem it has. Datasets that the schema finds nothing wrong with are
 * looked at closely even when something else is wrong, so that one look at the errors is enough.
 * `written` is the tree before substitution.
 */
export function checkConfig(tree: unknown, written: unknown, findings: Findings): Checked {
  const show: Show = (path) => shownValue(written, path) ?? 'that comes from a default';
  const result = validateSchema(tree, written);
  const problems = [...findings.problems, ...('problems' in result ? result.problems : [])];
  const rest = 'config' in result ? result.config : null;
  const entries = soundEntries(tree, problems).map(({ file, path }) => ({
    file,
    path,
    dataset: datasetFromFile(file, rest),
  }));
  problems.push(...entries.flatMap(({ dataset, file, path }) => checkDataset(dataset, file, path, show)));
  // A relation to a dataset that was left out would be told as one to nowhere.
  if (entries.length === listOfFiles(tree).length) problems.push(...checkDatasets(entries, show));
  problems.push(...checkTimezone(tree, show), ...checkDatabaseUrl(tree, show));
  if (problems.length === 0 && 'config' in result)
    return { file: result.config, datasets: entries.map(({ dataset }) => dataset) };
  return { problems: problems.map((problem) => ({ ...problem, message: redact(problem.message, findings.values) })) };
}

const filesPath: Path = ['extraction', 'files'];

function listOfFiles(tree: unknown): readonly unknown[] {
  const files = valueAt(tree, filesPath);
  return Array.isArray(files) ? files : [];
}

/** The entries of `extraction.files` that nothing is known to be wrong with. */
function soundEntries(tree: unknown, problems: readonly Problem[]): { file: DatasetFile; path: Path }[] {
  const isSound = (index: number) => !problems.some(({ path }) => path[0] === 'extraction' && path[2] === index);
  return listOfFiles(tree).flatMap((file, index) =>
    isSound(index) ? [{ file: file as DatasetFile, path: [...filesPath, index] }] : [],
  );
}

function checkTimezone(tree: unknown, show: Show): Problem[] {
  const path: Path = ['extraction', 'timezone'];
  const timezone = valueAt(tree, path);
  if (typeof timezone !== 'string' || timezone === '') return [];
  if (isTimezone(timezone)) return [];
  const meant = nearest(timezone, Intl.supportedValuesOf('timeZone'));
  const advice = meant === null ? 'expected one such as America/Sao_Paulo' : `did you mean ${meant}?`;
  return [{ path, at: 'value', message: `${show(path)} is no time zone; ${advice}` }];
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    // RangeError is how Intl says no.
    return false;
  }
}
