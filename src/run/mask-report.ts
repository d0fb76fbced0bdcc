import type { Dataset } from '../core/dataset.ts';
import { maskChanges } from '../core/mask.ts';
import type { RelationReport, RunReport } from '../core/report.ts';

/** A report without personal data: what a column of format cpf held is not repeated. */
export function maskReport(report: RunReport, datasets: readonly Dataset[]): RunReport {
  return {
    ...report,
    datasets: report.datasets.map((entry) => {
      const personal = personalColumns(datasets, entry.name);
      const hidesIds = hasPersonalKey(datasets, entry.name);
      return {
        ...entry,
        rejects: entry.rejects.map((reject) =>
          reject.column && personal.has(reject.column) ? { ...reject, value: '***' } : reject,
        ),
        relations: entry.relations.map((relation) => ({
          ...relation,
          orphan_samples: isPersonal(datasets, personal, relation)
            ? relation.orphan_samples.map((sample) => ({ ...sample, value: '***' }))
            : relation.orphan_samples,
        })),
        samples: entry.samples.map((sample) => ({
          ...sample,
          id: hidesIds ? '***' : sample.id,
          changes: maskChanges(sample.changes, personal),
        })),
      };
    }),
  };
}

/** Either side of a relation may be the one that is declared as personal. */
function isPersonal(datasets: readonly Dataset[], own: ReadonlySet<string>, { column, references }: RelationReport): boolean {
  const [parent, key] = references.split('.') as [string, string];
  return own.has(column) || personalColumns(datasets, parent).has(key);
}

/** Whether the ids of a dataset's records are personal data, or have some in them. */
export function hasPersonalKey(datasets: readonly Dataset[], name: string): boolean {
  const key = datasets.find((dataset) => dataset.name === name)?.key ?? [];
  const personal = personalColumns(datasets, name);
  return key !== 'content' && key.some((column) => personal.has(column));
}

/** The columns of a dataset that hold personal data. */
export function personalColumns(datasets: readonly Dataset[], name: string): Set<string> {
  const dataset = datasets.find((candidate) => candidate.name === name);
  return new Set(dataset?.columns.filter((column) => column.keywords.format === 'cpf').map((column) => column.name));
}
