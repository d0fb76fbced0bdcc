import type { Format } from '../core/dataset.ts';
import type { KnownRows, RowBatch, Table } from '../core/rows.ts';
import { createSplitter } from './csv.ts';
import { decideDialect, DIALECT_SAMPLE_BYTES, type Dialect } from './dialect.ts';
import { decideEncoding, utf8Chunks, type Encoding, type TextSource } from './encoding.ts';

/** A text and, when it comes out of an archive, its member's name. */
export type OpenedText = TextSource & { readonly member: string | null };

/**
 * Decides encoding and dialect from the content, and reads the rows when asked to.
 * Throws what `decideEncoding` and `decideDialect` throw; reading throws what is wrong with the file.
 */
export async function openTextTable(text: OpenedText, format: Format): Promise<Table> {
  const { encoding, reason } = await decideEncoding(text, format.encoding);
  const { sample, isWhole } = await readSample(text, encoding);
  const dialect = decideDialect(sample, isWhole, format.delimiter, text.name);
  return {
    receipt: {
      format: 'csv',
      member: text.member,
      sheet: null,
      encoding,
      delimiter: dialect.delimiter,
      decisions: [`encoding ${encoding}: ${reason}`, ...dialect.decisions],
    },
    isRagged: false,
    batches: (known) => rowBatches(text, encoding, dialect, known),
  };
}

async function* rowBatches(
  text: OpenedText,
  encoding: Encoding,
  { delimiter, lineEnd }: Dialect,
  known: KnownRows | undefined,
): AsyncGenerator<RowBatch> {
  const splitter = createSplitter({ file: text.name, delimiter, lineEnd, known });
  for await (const chunk of utf8Chunks(text, encoding)) {
    for (const piece of splitter.isOpen() ? atFirstLineEnd(chunk, lineEnd) : [chunk]) {
      const batch = splitter.push(piece);
      if (batch !== null) yield batch;
    }
  }
  const last = splitter.finish();
  if (last !== null) yield last;
}

/**
 * The record that the chunk before left open mostly ends with the first line: with that apart, it alone is copied to stand
 * in one piece, and not the whole chunk, which made 430 MB of garbage of a file of that size.
 */
function atFirstLineEnd(chunk: Buffer, lineEnd: Dialect['lineEnd']): Buffer[] {
  const end = chunk.indexOf(lineEnd === 'lf' ? '\n' : '\r') + 1;
  return [chunk.subarray(0, end), chunk.subarray(end)].filter(({ length }) => length > 0);
}

async function readSample(text: OpenedText, encoding: Encoding): Promise<{ sample: Buffer; isWhole: boolean }> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of utf8Chunks(text, encoding)) {
    chunks.push(Buffer.from(chunk));
    sizeBytes += chunk.length;
    if (sizeBytes > DIALECT_SAMPLE_BYTES) break;
  }
  const isWhole = sizeBytes <= DIALECT_SAMPLE_BYTES;
  return { sample: Buffer.concat(chunks).subarray(0, DIALECT_SAMPLE_BYTES), isWhole };
}
