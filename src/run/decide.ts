import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import type { SourceFile } from '../source/find-sources.ts';
import type { Examined, RunContext } from './examined.ts';

/** What can be told from the files alone. Throws `source-too-old`. */
export function checkExpectations(context: RunContext, dataset: Dataset, files: readonly SourceFile[]): void {
  const { maxAgeHours } = dataset.expect;
  if (maxAgeHours === null) return;
  const newest = Math.max(...files.map((file) => file.modifiedAtMs));
  const ageHours = (context.startedAt.getTime() - newest) / 3_600_000;
  if (ageHours <= maxAgeHours) return;
  throw new ProjetusError(
    'source-too-old',
    `The newest file of ${dataset.name} is ${ageHours.toFixed(1)} hours old; at most ${maxAgeHours} are expected.`,
    {
      hint: 'check the download; expect.max_age_hours sets the limit',
      file: files[0]!.name,
    },
  );
}

/** Whether an examined dataset may be published. Throws the reason why not; the first of several counts. */
export function decide(examined: Examined): void {
  for (const guard of [fewRows, rejectBudget, emptyFilter, vanished, volume, stale]) guard(examined);
}

function fewRows({ dataset, report }: Examined): void {
  if (!report.counts || report.counts.read >= dataset.expect.minRows) return;
  throw new ProjetusError(
    'source-rows-few',
    `${dataset.name} has ${report.counts.read} rows; at least ${dataset.expect.minRows} are expected.`,
    {
      hint: 'check the download; expect.min_rows sets the limit',
    },
  );
}

function rejectBudget({ dataset, report }: Examined): void {
  if (!report.counts) return;
  const { read, rejected } = report.counts;
  if (rejected * 100 <= read * dataset.maxRejectedPercent) return;
  const first = report.rejects[0];
  const example = first
    ? ` The first: ${first.file} line ${first.row}${first.column ? `, ${first.column}` : ''}: ${first.message}.`
    : '';
  throw new ProjetusError(
    'rejects-over-budget',
    `${dataset.name}: ${rejected} of ${read} rows were rejected (${((100 * rejected) / read).toFixed(1)} %); at most ${dataset.maxRejectedPercent} % may be.${example}`,
    {
      hint: 'correct the file or the configuration; max_rejected_percent sets the limit',
      ...(first ? { file: first.file, line: first.row } : {}),
    },
  );
}

function emptyFilter({ dataset, report }: Examined): void {
  if (!report.counts || report.counts.filtered === 0 || report.counts.filtered < report.counts.read) return;
  throw new ProjetusError('guard-filter', `${dataset.name}: "where" let none of ${report.counts.read} rows through.`, {
    hint: 'compare its values with those of the file (a year is a number, a word has its accents)',
  });
}

function vanished({ dataset, report, classified }: Examined): void {
  if (!classified || !report.counts) return;
  const { vanished: gone } = report.counts;
  if (gone * 100 <= classified.liveBefore * dataset.maxVanishedPercent) return;
  const percent = ((100 * gone) / classified.liveBefore).toFixed(1);
  throw new ProjetusError(
    'guard-vanish',
    `${dataset.name}: ${gone} of ${classified.liveBefore} records are no longer in the file (${percent} %); at most ${dataset.maxVanishedPercent} % may vanish in one run.`,
    {
      hint: 'check that the file is whole; max_vanished_percent sets the limit',
    },
  );
}

function volume({ dataset, report }: Examined): void {
  const { volume } = report;
  if (!volume || dataset.onVolumeAnomaly !== 'hold' || volume.verdict === 'first' || volume.verdict === 'ok') return;
  throw new ProjetusError(
    'guard-volume',
    `${dataset.name}: the number of records moved by ${volume.change_percent} % from ${volume.previous}; ${volume.tolerance_percent} % are tolerated.`,
    {
      hint: 'check that the file is whole; volume_tolerance_percent sets the limit',
    },
  );
}

function stale({ dataset, report }: Examined): void {
  if (report.stale_since === null || !dataset.expect.mustChange) return;
  throw new ProjetusError(
    'guard-stale',
    `${dataset.name}: the files are those published on ${report.stale_since}, and they must change every day.`,
    {
      hint: 'check the download; expect.must_change demands it',
    },
  );
}
