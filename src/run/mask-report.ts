import type { Dataset } from '../core/dataset.ts';
import type { RunReport } from '../core/report.ts';

/** A report without personal data: what a column of format cpf held is not repeated. */
export function maskReport(report: RunReport, datasets: readonly Dataset[]): RunReport {
  return {
    ...report,
    datasets: report.datasets.map((entry) => {
      const personal = personalColumns(datasets, entry.name);
      return {
        ...entry,
        rejects: entry.rejects.map((reject) =>
          reject.column && personal.has(reject.column) ? { ...reject, value: '***' } : reject,
        ),
      };
    }),
  };
}

/** The columns of a dataset that hold personal data. */
export function personalColumns(datasets: readonly Dataset[], name: string): Set<string> {
  const dataset = datasets.find((candidate) => candidate.name === name);
  return new Set(dataset?.columns.filter((column) => column.keywords.format === 'cpf').map((column) => column.name));
}
