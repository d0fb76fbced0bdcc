/**
 * A block of consecutive records, as ranges of UTF-8 bytes. Cells are decoded only where something has to
 * look at them: twice as fast end to end as rows of strings.
 * Cells of row r are those from `rowEnds[r - 1]` (0 for the first row) up to, not including, `rowEnds[r]`.
 * The arrays may be longer than what is used.
 */
export type RowBatch = {
  /** They hold until the next batch is asked for. */
  readonly bytes: Buffer;
  readonly rowCount: number;
  /** The 1-based line where the record starts in a text file, or the sheet's row number. */
  readonly rowNumbers: Uint32Array;
  readonly rowEnds: Uint32Array;
  /** 1 where text followed a closing quote, else 0. */
  readonly rowMalformed: Uint8Array;
  readonly cellStarts: Uint32Array;
  readonly cellEnds: Uint32Array;
  /** One of `cellKind` per cell. */
  readonly cellKinds: Uint8Array;
  /**
   * 1 where a reader has seen in passing that a cell of text has no byte below 0x20, no `"`, no `\` and no ED: nobody
   * has to look at each of its bytes again. 0, or no array, says nothing.
   */
  readonly cellPlain?: Uint8Array;
  /** Null where the records are not the lines of a text. */
  readonly spans: RecordSpans | null;
};

/** Where each record stands in the bytes of its batch, without its line end. */
export type RecordSpans = {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** 1 where the record was known by its bytes: it has no cells then, else 0. */
  readonly isKnown: Uint8Array;
};

/** Records that need no look at their cells, since the same bytes were looked at before. */
export type KnownBytes = {
  /** True when exactly these bytes, a line without its end, are a record that is stored. The record counts as met. */
  readonly meets: (record: Buffer) => boolean;
};

/** What a cell's bytes mean. Text files have only the first two. */
export const cellKind = {
  /** Text exactly as it stands. Half surrogates of a workbook are three bytes ED A0..BF xx. */
  text: 0,
  /** Text of a quoted CSV cell that holds doubled quotes: `""` stands for `"`. */
  quoted: 1,
  /** A number of a workbook as plain decimal text of at most 15 significant digits: `-1234.5`, never `1e5`. */
  number: 2,
  /** A whole number of a workbook with more than 15 digits: the digits are rounded and must not be trusted. */
  roundedNumber: 3,
  /** A date of a workbook: `2026-11-22`, `2026-11-22T09:15:00`, or `09:15:00` for a bare time. */
  date: 4,
  /** `true` or `false`. */
  boolean: 5,
  /** An error of a workbook: `#N/A`, `#REF!`, … */
  error: 6,
} as const;

/** A file opened as a table: its records from the top, title rows and header included. */
export type Table = {
  readonly receipt: TableReceipt;
  /** True for workbooks, which leave out blank cells at the end of a row. */
  readonly isRagged: boolean;
  /**
   * Reads the file once from its start. Throws ProjetusError for what is wrong with the file. A text's records below
   * `known.afterRow` are first looked up as they stand; where records are not lines of a text, `known` is not asked.
   */
  readonly batches: (known?: KnownRows) => AsyncIterable<RowBatch>;
};

export type KnownRows = { readonly bytes: KnownBytes; readonly afterRow: number };

/** How a file was read, and how each point was decided. */
export type TableReceipt = {
  readonly format: 'csv' | 'xlsx' | 'workbook';
  /** The member read, when the file is an archive. */
  readonly member: string | null;
  readonly sheet: string | null;
  readonly encoding: string | null;
  readonly delimiter: string | null;
  /** Sentences such as `encoding utf-8: the file starts with a byte order mark`. */
  readonly decisions: readonly string[];
};

/** The text of one cell. Half surrogates become U+FFFD here: look for them in the bytes. */
export function cellText(batch: RowBatch, cell: number): string {
  const text = batch.bytes.toString('utf8', batch.cellStarts[cell], batch.cellEnds[cell]);
  return batch.cellKinds[cell] === cellKind.quoted ? text.replaceAll('""', '"') : text;
}

/** The line of one record as it stands in its file, without the line end; null where records are not lines of a text. */
export function lineOf({ bytes, spans }: RowBatch, row: number): Buffer | null {
  return spans === null ? null : bytes.subarray(spans.starts[row], spans.ends[row]);
}

/** The texts of one row, as read. */
export function rowTexts(batch: RowBatch, row: number): string[] {
  const texts: string[] = [];
  for (let cell = row === 0 ? 0 : batch.rowEnds[row - 1]!; cell < batch.rowEnds[row]!; cell++) texts.push(cellText(batch, cell));
  return texts;
}
