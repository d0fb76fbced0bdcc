/** A table in Markdown, its columns aligned for the terminal: the first to the left, the others to the right. */
export function reportTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

export function seconds(value: number | null | undefined): string {
  return value == null ? '' : value.toFixed(2);
}

export function megabytes(bytes: number | null | undefined): string {
  return bytes == null ? '' : (bytes / 1e6).toFixed(0);
}

/** 1,000,000 */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
