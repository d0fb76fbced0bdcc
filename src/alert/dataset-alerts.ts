import type { Dataset } from '../core/dataset.ts';
import type { Alert, DatasetReport, HoldReport, SourceReport } from '../core/report.ts';
import { isIgnored } from '../guard/relations.ts';
import { volumeFacts } from '../guard/volume.ts';
import type { AlertFacts, WarningCode } from './facts.ts';
import { about, critical, errorAlert } from './make-alert.ts';

/** What people should be told about one dataset. `declared` is absent for what is no longer configured. */
export function datasetAlerts(report: DatasetReport, declared: Dataset | undefined, isLate: boolean): Alert[] {
  return [
    ...failures(report),
    ...fileAlerts(report, isLate),
    ...rowAlerts(report, declared),
    ...columnAlerts(report),
    ...(declared ? relationAlerts(report, declared) : []),
    ...report.holds.flatMap((hold) => accepted(report.name, hold)),
    ...report.sources.flatMap((source) => sourceAlerts(report.name, source)),
  ];
}

/** Each guard that holds a dataset is an alert of its own; else its error is. */
function failures({ name, error, holds }: DatasetReport): Alert[] {
  if (!error) return [];
  const held = holds.filter((hold) => hold.accepted === null);
  if (held.length === 0 || !error.code.startsWith('guard-')) return [errorAlert(error, name)];
  return held.map(({ guard, message, facts }) => critical(`guard-${guard}`, name, message, facts));
}

function accepted(name: string, { guard, message, accepted: acceptance }: HoldReport): Alert[] {
  return acceptance ? [about('hold-accepted', name, guard, { guard, message, by: acceptance.by }, 'info')] : [];
}

function fileAlerts({ name, status, error, stale_since, repeated_files, header_drift }: DatasetReport, isLate: boolean): Alert[] {
  return [
    ...(status === 'missing' && !error ? [about('source-missing-optional', name, null, {})] : []),
    ...(stale_since !== null && !isLate ? [about('source-stale', name, null, { since: stale_since })] : []),
    ...repeated_files.map((file) => about('source-repeated', name, file, { file })),
    ...(header_drift ? [about('header-drift', name, null, header_drift)] : []),
  ];
}

function rowAlerts({ name, counts, volume }: DatasetReport, declared: Dataset | undefined): Alert[] {
  if (!counts) return [];
  const { read, rejected, new_rejects: fresh = 0, vanished, duplicate } = counts;
  const isUnusual = volume !== null && (volume.verdict === 'drop' || volume.verdict === 'rise');
  return [
    ...(fresh > 0 ? [about('rows-rejected', name, null, { rejected, read, fresh })] : []),
    ...(vanished > 0 ? [about('rows-vanished', name, null, { vanished })] : []),
    ...(isUnusual ? [about('volume-anomaly', name, null, volumeFacts(volume))] : []),
    ...(duplicate > 0 && declared && !declared.distinct ? [about('rows-duplicate', name, null, { duplicate, read })] : []),
  ];
}

function columnAlerts({ name, emptied_columns }: DatasetReport): Alert[] {
  return emptied_columns.map(({ column, before_percent, now_percent }) =>
    about('column-emptied', name, column, { column, before: before_percent, now: now_percent }),
  );
}

function relationAlerts({ name, relations }: DatasetReport, declared: Dataset): Alert[] {
  return relations
    .filter((relation) => relation.orphans > 0 && !isIgnored(relation, declared))
    .map(({ column, references, orphans, orphan_causes: causes }) =>
      about('orphans-found', name, `${column} ${references}`, { orphans, column, references, causes }),
    );
}

/** The subject is the column: file names may have the day in them, and a problem that goes on is one. */
function sourceAlerts(name: string, source: SourceReport): Alert[] {
  const { file, columns, damaged_text } = source;
  const say = <Code extends WarningCode>(code: Code, subject: string | null, facts: AlertFacts[Code]) =>
    about(code, name, subject, facts);
  const { replaced, double_encoded } = damaged_text;
  return [
    ...Object.entries(source.error_cells).map(([column, cells]) => say('error-cells', column, { cells, column, file })),
    ...Object.entries(source.absurd_dates).map(([column, cells]) => say('dates-absurd', column, { cells, column, file })),
    ...source.control_totals
      .filter(({ match }) => !match)
      .map(({ column, file: said, computed }) => say('control-total-mismatch', column, { file, column, said, computed })),
    ...columns.missing.map((column) => say('column-missing', column, { column, file })),
    ...Object.entries(columns.renamed).map(([header, column]) => say('column-renamed', column, { header, column, file })),
    ...(replaced + double_encoded > 0 ? [say('text-damaged', null, { file, replaced, double_encoded })] : []),
  ];
}
