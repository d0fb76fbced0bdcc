import type { AlertCode, Severity } from '../core/codes.ts';
import type { Dataset } from '../core/dataset.ts';
import type { Alert, DatasetReport, RunReport, SourceReport } from '../core/report.ts';

/** What people should be told about a run, most severe first. */
export function alertsOf(
  report: Pick<RunReport, 'datasets' | 'unexpected_files' | 'error'>,
  datasets: readonly Dataset[],
): Alert[] {
  const alerts = [
    ...report.datasets.flatMap((entry) => {
      const declared = datasets.find(({ name }) => name === entry.name);
      return [...datasetAlerts(entry), ...(declared ? expectationAlerts(entry, declared) : [])];
    }),
    ...unexpectedFiles(report.unexpected_files),
  ];
  const isTold = report.datasets.some((dataset) => dataset.error?.code === report.error?.code);
  if (report.error && !isTold) alerts.unshift(alert('critical', report.error.code, null, report.error.message));
  const order: readonly Severity[] = ['critical', 'warning', 'info'];
  return order.flatMap((severity) => alerts.filter((candidate) => candidate.severity === severity));
}

function datasetAlerts(report: DatasetReport): Alert[] {
  const { name, counts, error } = report;
  const alerts: Alert[] = [];
  const warn = (code: AlertCode, message: string) => alerts.push(alert('warning', code, name, `${name}: ${message}`));
  if (error) alerts.push(alert('critical', error.code, name, error.message));
  else if (report.status === 'missing') warn('source-missing-optional', 'no file matches; it is not required');
  if (report.stale_since !== null) warn('source-stale', `the files are those published on ${report.stale_since}`);
  for (const file of report.repeated_files)
    warn('source-repeated', `${file} has the content of another file and was not read again`);
  if (counts && (counts.new_rejects ?? 0) > 0)
    warn(
      'rows-rejected',
      `${counts.rejected} of ${counts.read} rows were rejected, ${counts.new_rejects} of them new; see the quarantine`,
    );
  if (counts && counts.vanished > 0) warn('rows-vanished', `${counts.vanished} records are no longer in the file`);
  if (report.volume && (report.volume.verdict === 'drop' || report.volume.verdict === 'rise')) {
    warn('volume-anomaly', `the number of records moved by ${report.volume.change_percent} % from ${report.volume.previous}`);
  }
  for (const source of report.sources) sourceAlerts(source, warn);
  return alerts;
}

/** What is a warning only where the configuration does not expect it. */
function expectationAlerts({ name, counts, relations }: DatasetReport, declared: Dataset): Alert[] {
  const alerts: Alert[] = [];
  const warn = (code: AlertCode, message: string) => alerts.push(alert('warning', code, name, `${name}: ${message}`));
  if (counts && counts.duplicate > 0 && !declared.distinct)
    warn('rows-duplicate', `${counts.duplicate} of ${counts.read} rows repeat the key of another one`);
  for (const { column, references, orphans } of relations) {
    const isIgnored = declared.relations.some(
      (relation) =>
        relation.onOrphan === 'ignore' &&
        relation.column === column &&
        `${relation.references.dataset}.${relation.references.column}` === references,
    );
    if (orphans > 0 && !isIgnored) warn('orphans-found', `${orphans} rows have a ${column} that ${references} does not know`);
  }
  return alerts;
}

function sourceAlerts(source: SourceReport, warn: (code: AlertCode, message: string) => void): void {
  for (const [column, cells] of Object.entries(source.error_cells))
    warn('error-cells', `${cells} cells of ${column} in ${source.file} hold errors of a spreadsheet and were read as blank`);
  for (const [column, cells] of Object.entries(source.absurd_dates))
    warn('dates-absurd', `${cells} dates of ${column} in ${source.file} are before 1900 or after 2100; they were kept`);
  for (const total of source.control_totals.filter(({ match }) => !match)) {
    warn(
      'control-total-mismatch',
      `the totals row of ${source.file} says ${total.file} for ${total.column}, its rows sum to ${total.computed}`,
    );
  }
  for (const column of source.columns.missing) warn('column-missing', `${source.file} has no column for ${column}; it is blank`);
  for (const [header, column] of Object.entries(source.columns.renamed))
    warn('column-renamed', `the column ${header} of ${source.file} is called ${column}: names that begin with _ are ours`);
  const { replaced, double_encoded } = source.damaged_text;
  if (replaced + double_encoded > 0)
    warn(
      'text-damaged',
      `${source.file} holds ${replaced} replacement characters and ${double_encoded} places that were encoded twice`,
    );
}

function unexpectedFiles(files: readonly string[]): Alert[] {
  return files.map((file) => alert('warning', 'file-unexpected', null, `${file} matches no dataset and was not read`));
}

function alert(severity: Severity, code: AlertCode, dataset: string | null, message: string): Alert {
  return { severity, code, dataset, message };
}
