import type { RecordShape } from '../core/record.ts';
import type { HeaderMatch } from './header.ts';

/**
 * Files of one dataset may have different headers (a column more, another order): their records get the columns of
 * all of them, so that one staging table takes them.
 */
export function mergeShapes(headers: readonly HeaderMatch[]): { shape: RecordShape; headers: HeaderMatch[] } {
  const first = headers[0]!;
  const byName = new Map(headers.flatMap((header) => header.shape.columns.map((column) => [column.name, column] as const)));
  if (byName.size === first.shape.columns.length)
    return { shape: first.shape, headers: headers.map((header) => onto(first.shape, header)) };
  const columns = [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const names = columns.map((column) => column.name);
  const key = first.shape.key?.map((position) => names.indexOf(first.shape.columns[position]!.name)) ?? null;
  const shape = { columns, key };
  return { shape, headers: headers.map((header) => onto(shape, header)) };
}

function onto(shape: RecordShape, header: HeaderMatch): HeaderMatch {
  if (header.shape === shape) return header;
  const own = header.shape.columns.map((column) => column.name);
  const cellOfColumn = Int32Array.from(shape.columns, (column) => {
    const position = own.indexOf(column.name);
    return position < 0 ? -1 : header.cellOfColumn[position]!;
  });
  return { ...header, shape, cellOfColumn };
}
