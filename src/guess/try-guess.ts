import type { Dataset } from '../core/dataset.ts';
import { firstRowAfter, firstRows } from '../parse/first-rows.ts';
import type { SourceFile } from '../parse/inflate.ts';
import { openTable } from '../parse/open-table.ts';
import { matchHeader } from '../validate/header.ts';
import { createValidator } from '../validate/validator.ts';

/** How a file fares under a dataset, read as a run reads it but for the database. */
export type Trial = {
  readonly headerRow: number;
  readonly read: number;
  readonly rejected: number;
  /** Columns whose values were refused. */
  readonly refusing: ReadonlySet<string>;
};

export async function tryDataset(dataset: Dataset, file: SourceFile, signal: AbortSignal): Promise<Trial> {
  const table = await openTable(file, dataset.format, signal);
  const header = matchHeader(dataset, await firstRows(table), file.name);
  const refusing = new Set<string>();
  const sink = {
    record: () => true,
    filtered: () => undefined,
    reject: ({ errors }: { errors: readonly { column: string | null }[] }) => {
      for (const { column } of errors) if (column !== null) refusing.add(column);
    },
  };
  const validator = createValidator({ dataset, header, isRagged: table.isRagged, sink });
  for await (const batch of table.batches()) {
    signal.throwIfAborted();
    validator.push(batch, firstRowAfter(batch, header.rowNumber));
  }
  const { read, rejected } = validator.finish();
  return { headerRow: header.rowNumber, read, rejected, refusing };
}
