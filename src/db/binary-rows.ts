/** PostgreSQL's binary COPY format: a header of 19 bytes, rows of fields with their lengths, and -1 at the end. */
const headerBytes = 19;
const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const nothing: Buffer = Buffer.alloc(0);

/** A row: where its fields start in `bytes`, and their lengths; -1 for NULL. Filled anew for each row. */
export type BinaryRow = { bytes: Buffer; readonly starts: Int32Array; readonly lengths: Int32Array };

/**
 * Takes the bytes of a binary COPY in pieces of any size, and gives its rows one by one. The bytes are those of the piece.
 * Source: PostgreSQL's documentation of COPY, "Binary Format".
 */
export function binaryRows(fieldCount: number, take: (row: BinaryRow) => void): (piece: Buffer) => void {
  const row: BinaryRow = { bytes: nothing, starts: new Int32Array(fieldCount), lengths: new Int32Array(fieldCount) };
  let rest = nothing;
  let isStarted = false;
  let isOver = false;

  /** The end of the row at `at`, which is filled in, or -1 when it is not whole yet. */
  const readRow = (bytes: Buffer, at: number): number => {
    if (bytes.length < at + 2) return -1;
    const count = bytes.readInt16BE(at);
    if (count === -1) return endOfRows(bytes);
    if (count !== fieldCount) throw new TypeError(`a binary COPY brought ${count} fields where ${fieldCount} were asked for`);
    let to = at + 2;
    for (let field = 0; field < fieldCount; field++) {
      if (bytes.length < to + 4) return -1;
      const length = bytes.readInt32BE(to);
      row.starts[field] = to + 4;
      row.lengths[field] = length;
      to += 4 + Math.max(0, length);
      if (bytes.length < to) return -1;
    }
    return to;
  };
  const endOfRows = (bytes: Buffer): number => {
    isOver = true;
    return bytes.length;
  };
  return (piece) => {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let at = isStarted ? 0 : startOfRows(bytes);
    isStarted ||= at > 0;
    row.bytes = bytes;
    for (let end = at; isStarted && !isOver; at = end) {
      end = readRow(bytes, at);
      if (end < 0) break;
      if (!isOver) take(row);
    }
    // The piece is not ours to keep. On PostgreSQL each is one row, and nothing is left.
    rest = at === bytes.length ? nothing : Buffer.from(bytes.subarray(at));
  };
}

/** Where the rows start; 0 while the header is not whole. */
function startOfRows(bytes: Buffer): number {
  if (bytes.length < headerBytes) return 0;
  if (!bytes.subarray(0, signature.length).equals(signature)) throw new TypeError('what came is no binary COPY');
  return headerBytes;
}
