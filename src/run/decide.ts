import type { Dataset } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import type { Guard } from '../core/guard.ts';
import type { DatasetReport, HoldReport } from '../core/report.ts';
import { emptiedColumns } from '../guard/columns.ts';
import { findingsOf } from '../guard/guards.ts';
import { isUnmatched } from '../guard/relations.ts';
import type { Finding, Watched } from '../guard/watched.ts';
import type { SourceFile } from '../source/find-sources.ts';
import type { Examined, RunContext } from './examined.ts';
import { lastRelations } from './history.ts';

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

/**
 * Whether an examined dataset may be published. Throws the reason why not: one that the configuration alone can change,
 * or what guards found and nobody accepted.
 */
export async function decide(context: RunContext, examined: Examined, last: DatasetReport | null): Promise<void> {
  fewRows(examined);
  rejectBudget(examined);
  const { dataset, report, classified } = examined;
  const watched: Watched = {
    dataset,
    report,
    liveBefore: classified?.liveBefore ?? null,
    floorRows: context.job.config.reconciliation.volumeFloorRows,
    last,
    // Reports are long: they are looked at only where there is something to compare.
    lastRelations: report.relations.some(isUnmatched) ? await lastRelations(context, dataset.name) : [],
  };
  report.emptied_columns = emptiedColumns(watched);
  const findings = findingsOf(watched);
  report.holds = findings.map(({ guard, message, facts }) => ({
    guard,
    message,
    facts,
    accepted: acceptance(context, dataset, guard),
  }));
  const held = findings.filter((_, index) => report.holds[index]!.accepted === null);
  if (held.length > 0) throw heldError(dataset, held);
}

/** Who lets a dataset pass, and when. */
function acceptance({ job, startedAt }: RunContext, dataset: Dataset, guard: Guard): HoldReport['accepted'] {
  const isAccepted = job.accept.some((accepted) => accepted.guard === guard && accepted.dataset === dataset.name);
  return isAccepted ? { by: `${job.host.user}@${job.host.hostname}`, at: startedAt.toISOString() } : null;
}

function heldError(dataset: Dataset, findings: readonly Finding[]): ProjetusError {
  const options = findings.map(({ guard }) => `--accept ${guard}:${dataset.name}`);
  return new ProjetusError(`guard-${findings[0]!.guard}`, findings.map(({ message }) => message).join(' '), {
    hint: `${findings.map(({ hint }) => hint).join('; ')}; if it is right: projetus run ${options.join(' ')}`,
  });
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
