import type { KnownRows, RowBatch } from '../core/rows.ts';
import { csvLimits, quoteNotClosed, recordTooLong } from './csv-errors.ts';
import { byteMarks, CR, LF, QUOTE, scan, type Scanner } from './csv-scan.ts';

/**
 * Splits UTF-8 bytes into records as they come. Strict: it never re-aligns a row; what is odd is marked
 * (`rowMalformed`), left as it is (short and long rows), or thrown with its line.
 */
export type Splitter = {
  /** The records that are complete now, or null. They hold until the chunk is written to again; what is kept is copied. */
  push(chunk: Buffer): RowBatch | null;
  /** Whether a record has begun, of which a next chunk has to bring the rest. */
  isOpen(): boolean;
  /** The last record, when the file does not end in a line end. Throws source-truncated for an open quote. */
  finish(): RowBatch | null;
};

export type SplitterOptions = {
  /** What errors call the file. */
  readonly file: string;
  /** Null: the file has one column, and nothing separates. */
  readonly delimiter: string | null;
  /** `lf` takes LF and CRLF, mixed as they come, and a lone CR is text; `cr` is for old Mac files. */
  readonly lineEnd: 'lf' | 'cr';
  /** Records that need not be split. */
  readonly known?: KnownRows | undefined;
};

/** The end-of-file mark of DOS: some exporters still write one after the last line. */
const SUB = 0x1a;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

export function createSplitter(options: SplitterOptions): Splitter {
  // No byte is -1.
  const delimiter = options.delimiter === null ? -1 : options.delimiter.charCodeAt(0);
  const lineEnd = options.lineEnd === 'lf' ? LF : CR;
  const scanner: Scanner = {
    file: options.file,
    delimiter,
    lineEnd,
    unquoted: byteMarks(delimiter, lineEnd),
    quoted: byteMarks(QUOTE, lineEnd),
    known: options.known ?? null,
    line: 1,
    openQuoteLine: null,
    consumed: 0,
    cellsPerByte: 1 / 8,
    rowsPerByte: 1 / 64,
  };
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let isStart = true;
  /** Nothing is scanned below this number of bytes: first those of a byte order mark, later see `keep`. */
  let scanFrom: number = BOM.length;

  function take(): Buffer {
    const bytes = pending.length === 1 ? pending[0]! : Buffer.concat(pending);
    const hasMark = isStart && bytes.subarray(0, BOM.length).equals(BOM);
    isStart = false;
    return hasMark ? bytes.subarray(BOM.length) : bytes;
  }

  /** A record that is still open waits for twice its bytes: scanning it anew for each chunk would be quadratic. */
  function keep(rest: Buffer, hasRows: boolean): void {
    if (rest.length > csvLimits.recordBytes) throw recordTooLong(scanner);
    pending = rest.length === 0 ? [] : [Buffer.from(rest)];
    pendingBytes = rest.length;
    scanFrom = hasRows ? 0 : Math.min(2 * rest.length, csvLimits.recordBytes + 1);
  }

  return {
    push(chunk) {
      pendingBytes += chunk.length;
      const isEnough = pendingBytes >= scanFrom;
      pending.push(isEnough ? chunk : Buffer.from(chunk));
      if (!isEnough) return null;
      const bytes = take();
      const batch = scan(bytes, scanner);
      keep(bytes.subarray(scanner.consumed), batch.rowCount > 0);
      return batch.rowCount > 0 ? batch : null;
    },
    isOpen: () => pendingBytes > 0,
    finish() {
      const bytes = closed(take(), scanner.lineEnd);
      if (bytes.length === 0) return null;
      const batch = scan(bytes, scanner);
      if (scanner.consumed < bytes.length) throw quoteNotClosed(scanner);
      pending = [];
      return batch;
    },
  };
}

/** The end of the file without its end-of-file mark and with a line end, so that it is like any other: half a CRLF becomes whole. */
function closed(tail: Buffer, lineEnd: number): Buffer {
  const text = tail.at(-1) === SUB ? tail.subarray(0, -1) : tail;
  return text.length === 0 || text.at(-1) === lineEnd ? text : Buffer.concat([text, Buffer.of(lineEnd)]);
}
