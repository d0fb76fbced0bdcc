import type { Dataset } from '../core/dataset.ts';
import { maskChanges } from '../core/mask.ts';
import { hasPersonalKey, personalColumns } from '../run/mask-report.ts';
import type { UndoneDataset } from './undo-report.ts';

/** What an undo shows and stores, without personal data: neither the values of such columns nor a key made of them. */
export function maskUndone(undone: UndoneDataset, datasets: readonly Dataset[]): UndoneDataset {
  const personal = personalColumns(datasets, undone.name);
  const hidesIds = hasPersonalKey(datasets, undone.name);
  const id = <Row extends { id: string }>(row: Row): Row => (hidesIds ? { ...row, id: '***' } : row);
  return {
    ...undone,
    kept_rows: undone.kept_rows.map(id),
    not_restorable_rows: undone.not_restorable_rows.map(id),
    samples: undone.samples.map((sample) => ({ ...id(sample), changes: maskChanges(sample.changes, personal) })),
  };
}
