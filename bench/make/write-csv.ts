import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { BenchRow, Column } from './data-shape.ts';
import { cleanStyle, csvHeader, csvLine, type Style } from './csv-line.ts';

const chunkLength = 4 * 1024 * 1024;

/** Writes rows as they come, without holding them: 5 million are 2.2 GB. What `psql \copy` reads has no header. */
export async function writeCsv(path: string, rows: Iterable<BenchRow>, style: Style, columns: readonly Column[]): Promise<void> {
  // Flushed: what is still being written would slow what is measured next.
  const stream = createWriteStream(path, { flush: true });
  let text = style === cleanStyle ? '' : csvHeader(columns, style);
  for (const row of rows) {
    text += csvLine(row, style, columns.length);
    if (text.length < chunkLength) continue;
    if (!stream.write(text)) await once(stream, 'drain');
    text = '';
  }
  stream.end(text);
  await once(stream, 'close');
}
