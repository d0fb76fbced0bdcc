import type { Format } from '../core/dataset.ts';
import { ProjetusError } from '../core/errors.ts';
import { createSplitter, type SplitterOptions } from './csv.ts';
import { beats, fits, fitOf, type Fit } from './dialect-fit.ts';

/** How a text is cut into records and cells. */
export type Dialect = {
  /** Null: one column. */
  readonly delimiter: string | null;
  readonly lineEnd: SplitterOptions['lineEnd'];
  /** Sentences for the receipt. */
  readonly decisions: readonly string[];
};

/** Bytes of text that the dialect is decided on: some hundred records of the widest published file. */
export const DIALECT_SAMPLE_BYTES = 64 * 1024;

const candidates = [';', ',', '\t', '|'] as const;

/**
 * Splits the sample with each candidate and takes the one whose rows agree on a width, from a header below any
 * title rows on. Throws dialect-uncertain, with the line of configuration that settles it, when two do or none.
 * `sample`: UTF-8, from the start of the file. `isWhole`: there is no more.
 */
export function decideDialect(sample: Buffer, isWhole: boolean, configured: Format['delimiter'], file: string): Dialect {
  const lineEnd = lineEndOf(sample);
  const lineEndReason = lineEnd === 'cr' ? ['line end CR: the file has no other, as on old Macs'] : [];
  const { delimiter, reason } = decideDelimiter(sample, isWhole, configured, lineEnd, file);
  return { delimiter, lineEnd, decisions: [`delimiter ${delimiterName(delimiter)}: ${reason}`, ...lineEndReason] };
}

type Choice = { readonly delimiter: string | null; readonly reason: string };

function decideDelimiter(
  sample: Buffer,
  isWhole: boolean,
  configured: Format['delimiter'],
  lineEnd: Dialect['lineEnd'],
  file: string,
): Choice {
  if (configured !== 'auto') return { delimiter: configured, reason: 'it is configured' };
  const announced = announcedDelimiter(sample);
  if (announced !== null) return { delimiter: announced, reason: 'the first line says so (sep=)' };

  const all = candidates.map((delimiter) => measure(sample, isWhole, delimiter, lineEnd, file));
  const fitting = all.filter(fits);
  const winner = fitting.find((fit) => fitting.every((other) => other === fit || beats(fit, other)));
  if (winner !== undefined)
    return {
      delimiter: winner.delimiter,
      reason: `${winner.rows} of ${winner.total} rows at the top have ${winner.width} cells`,
    };
  if (fitting.length === 0 && all.every((fit) => fit.isSingle)) return { delimiter: null, reason: 'the file has one column' };
  // Reading the rows will name the line of that quote.
  const open = fitting.length === 0 && isWhole ? all.find((fit) => fit.total === 0) : undefined;
  if (open !== undefined) return { delimiter: open.delimiter, reason: 'a quote of the first record is never closed' };
  throw uncertain(file, all, fitting);
}

function measure(sample: Buffer, isWhole: boolean, delimiter: string, lineEnd: Dialect['lineEnd'], file: string): Fit {
  const splitter = createSplitter({ file, delimiter, lineEnd });
  const ending = lineEnd === 'cr' ? '\r' : '\n';
  // A line end for the last line of a whole file. Not `finish`, which would throw for a quote that only this
  // candidate leaves open; what is open is no complete record and does not count.
  const isOpen = isWhole && !sample.subarray(-1).equals(Buffer.from(ending));
  return fitOf(delimiter, splitter.push(isOpen ? Buffer.concat([sample, Buffer.from(ending)]) : sample));
}

/** Excel's own way to say it: a first line `sep=;`. It stays in the table, as a title row. */
function announcedDelimiter(sample: Buffer): string | null {
  const firstLine = /^\uFEFF?sep=([;,\t|])\r?(\n|$)/i.exec(sample.toString('utf8', 0, 16));
  return firstLine?.[1] ?? null;
}

/** CR when a CR ends a line somewhere outside quotes and no LF does. */
function lineEndOf(sample: Buffer): Dialect['lineEnd'] {
  if (!sample.includes('\r')) return 'lf';
  let isInQuotes = false;
  let hasCr = false;
  for (const byte of sample) {
    if (byte === 0x22) isInQuotes = !isInQuotes;
    else if (byte === 0x0a && !isInQuotes) return 'lf';
    else if (byte === 0x0d && !isInQuotes) hasCr = true;
  }
  return hasCr ? 'cr' : 'lf';
}

/** As the receipt and the configuration write it. */
function delimiterName(delimiter: string | null): string {
  return delimiter === null ? 'none' : JSON.stringify(delimiter);
}

function uncertain(file: string, all: readonly Fit[], fitting: readonly Fit[]): ProjetusError {
  const ranked = (fitting.length > 0 ? [...fitting] : [...all]).toSorted((a, b) => b.rows - a.rows || b.width - a.width);
  const names = ranked
    .filter((fit) => fit.rows > 0)
    .map((fit) => `${delimiterName(fit.delimiter)} gives ${fit.width} cells in ${fit.rows} of ${fit.total} rows`);
  const seen = names.length > 0 ? names.join(', ') : 'no record ends in the first 64 KB, or none has two cells';
  const hint = `write format: { delimiter: ${delimiterName(ranked[0]!.delimiter)} } for this dataset in the configuration, or the one that is right`;
  return new ProjetusError('dialect-uncertain', `${file}: the delimiter cannot be told from the content: ${seen}`, {
    file,
    hint,
  });
}
