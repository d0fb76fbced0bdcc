/**
 * One connection to one database. Transactions are plain statements, so that COPY and queries share them;
 * everything above this line is the same SQL on PostgreSQL and on PGlite.
 */
export type Session = {
  readonly engine: 'postgres' | 'pglite';
  readonly query: (text: string, parameters: readonly unknown[]) => Promise<QueryRows>;
  /** Starts a COPY … FROM STDIN; no query may run before its `end`. */
  readonly copyIn: (copy: CopyTarget) => CopyIn;
  /** COPY … TO STDOUT of a SELECT, in the binary format. `take` gets the bytes in pieces of any size, and must not keep them. */
  readonly copyOut: (select: string, take: (piece: Buffer) => void) => Promise<void>;
  /** Ends the connection in good order. */
  readonly close: () => Promise<void>;
  /** Asks the server to stop the running statement, if there is one. */
  readonly cancel: () => Promise<void>;
  /** Cuts the connection: whatever is open is rolled back by the server. */
  readonly destroy: () => void;
};

export type QueryRows = { readonly rows: readonly Record<string, unknown>[]; readonly affectedRows: number };

/** `table (columns)`, quoted, as it stands between COPY and FROM. */
export type CopyTarget = string;

export type CopyIn = {
  /** Resolves when more can be taken. The buffer belongs to the driver from then on: never write to it again. */
  readonly write: (chunk: Buffer) => Promise<void>;
  /** The number of rows that the database took. */
  readonly end: () => Promise<number>;
};
