import { errorCodes, type Severity } from '../core/codes.ts';
import type { Dataset } from '../core/dataset.ts';
import type { Alert, DatasetReport, ErrorReport, RunReport } from '../core/report.ts';
import { datasetAlerts } from './dataset-alerts.ts';
import { about, errorAlert } from './make-alert.ts';

/** What the policy looks at. */
export type Told = Pick<
  RunReport,
  'datasets' | 'unexpected_files' | 'aborted_runs' | 'missed_runs' | 'error' | 'business_date' | 'folder_date' | 'late'
>;

/** What people should be told about a run, most severe first. A pure function. */
export function alertsOf(report: Told, datasets: readonly Dataset[]): Alert[] {
  const { error } = report;
  const alerts = [
    ...(error && !isToldByDataset(error, report.datasets) ? [errorAlert(error, null)] : []),
    ...lateFolder(report),
    ...report.datasets.flatMap((entry) =>
      datasetAlerts(
        entry,
        datasets.find(({ name }) => name === entry.name),
        isOfLateFolder(entry, report),
      ),
    ),
    ...missedRuns(report.missed_runs),
    ...report.aborted_runs.map(({ run_id, host, started_at }) =>
      about('run-aborted', null, run_id, { run: run_id, host, at: started_at }),
    ),
    ...report.unexpected_files.map((file) => about('file-unexpected', null, file, { file })),
  ];
  const heard = error && isRootCause(error) ? alerts.filter(({ severity }) => severity === 'critical') : alerts;
  const order: readonly Severity[] = ['critical', 'warning', 'info'];
  return order.flatMap((severity) => heard.filter((candidate) => candidate.severity === severity));
}

function isToldByDataset({ code }: ErrorReport, datasets: readonly DatasetReport[]): boolean {
  return datasets.some(({ error }) => error?.code === code);
}

/** What is wrong with the machinery comes before what is odd about the data: that was seen by half, and is seen again. */
function isRootCause({ code }: ErrorReport): boolean {
  return ![5, 7].includes(errorCodes[code].exitCode);
}

function lateFolder({ business_date, folder_date, late }: Told): Alert[] {
  return late ? [about('source-late', null, null, { newest: folder_date!, day: business_date! })] : [];
}

/** Files of a folder that is late are those of its day: that was said. They may have been older than that. */
function isOfLateFolder({ stale_since }: DatasetReport, { folder_date, late }: Told): boolean {
  return late && stale_since !== null && stale_since >= folder_date!;
}

function missedRuns(moments: readonly string[]): Alert[] {
  return moments.length === 0 ? [] : [about('run-missed', null, null, { moments })];
}
