import type { SampleTable } from './sample-table.ts';

/** The table as the source writes it: UTF-8 with a byte order mark, `;`, CRLF, quotes only where a cell needs them. */
export function csvBytes(table: SampleTable): Buffer {
  const lines = [table.header, ...table.rows].map((row) => row.map(quoted).join(';'));
  return Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`);
}

function quoted(cell: string): string {
  return /[;"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
