import type { RejectCode } from './codes.ts';
import type { Column } from './dataset.ts';

/**
 * One valid record as ranges of bytes of its canonical texts, a value per column in the order of
 * `RecordShape.columns`. The view is filled anew for each record: take what you need before you return.
 */
export type RecordView = {
  rowNumber: number;
  readonly buffers: Buffer[];
  /** -1 for NULL. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 where the value has no byte below 0x20, no `"` and no `\`: it needs no escaping in JSON or COPY. */
  readonly isPlain: Uint8Array;
  /** SHA-256 of the canonical JSON, 64 hex digits. */
  hash: string;
  /** The record's line as it stands in its file; null when it has none, or has to be read again in every run. */
  line: Buffer | null;
};

/** The columns of a record: those declared and, where the dataset says so, the others of the file as text. */
export type RecordShape = {
  /** In code-unit order of their names, the order of the canonical JSON. */
  readonly columns: readonly Column[];
  /** Positions of the key's parts in `columns`, in the key's order; null for `key: content`. */
  readonly key: readonly number[] | null;
};

export type RowError = {
  readonly code: RejectCode;
  /** The declared column; null when the row as a whole is wrong. */
  readonly column: string | null;
  /** The cell as read; null when the row as a whole is wrong. */
  readonly value: string | null;
  readonly message: string;
};

/** A refused row, with every error it has. */
export type Reject = {
  readonly rowNumber: number;
  readonly cells: readonly string[];
  readonly errors: readonly RowError[];
  /** Canonical texts of the key's parts, when all could be read: such a key has not vanished. */
  readonly key: readonly (string | null)[] | null;
};

/** Where validated rows go. Calls are synchronous; whoever feeds rows waits between batches. */
export type RecordSink = {
  /** False when the record is stored already, just so: nothing was taken. */
  readonly record: (view: RecordView) => boolean;
  readonly reject: (reject: Reject) => void;
  /** A row that `where` did not let through; its key's parts when they could be read. */
  readonly filtered: (key: readonly (string | null)[] | null, rowNumber: number) => void;
};

/** The text of a value of a view, or null. */
export function valueText(view: RecordView, column: number): string | null {
  const start = view.starts[column]!;
  return start < 0 ? null : view.buffers[column]!.toString('utf8', start, view.ends[column]);
}

/** The text of a key: that of its one part, or its parts joined by `|`, with `\` and `|` escaped by `\` and NULL as `\N`. */
export function entityId(parts: readonly (string | null)[]): string {
  if (parts.length === 1 && parts[0] != null) return parts[0];
  return parts.map((part) => (part === null ? '\\N' : part.replace(/[\\|]/g, '\\$&'))).join('|');
}
