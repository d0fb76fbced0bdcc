/**
 * A block of consecutive records, as ranges of UTF-8 bytes. Cells are decoded only where something has to
 * look at them: twice as fast end to end as rows of strings.
 * Cells of row r are those from `rowEnds[r - 1]` (0 for the first row) up to, not including, `rowEnds[r]`.
 * The arrays may be longer than what is used.
 */
export type RowBatch = {
  /** Not written to again once the batch is handed over. */
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
  /** Reads the file once from its start. Throws ProjetusError for what is wrong with the file. */
  readonly batches: () => AsyncIterable<RowBatch>;
};

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

/** The texts of one row, as read. */
export function rowTexts(batch: RowBatch, row: number): string[] {
  const texts: string[] = [];
  for (let cell = row === 0 ? 0 : batch.rowEnds[row - 1]!; cell < batch.rowEnds[row]!; cell++) texts.push(cellText(batch, cell));
  return texts;
}
