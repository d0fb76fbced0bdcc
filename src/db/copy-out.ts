import { databaseError } from './database-error.ts';

/** The part of pg's connection that a COPY speaks to. */
type Wire = { readonly query: (text: string) => void };

/** What pg calls when it is the COPY's turn, and when the server answers. */
export type CopyOutQuery = {
  readonly done: Promise<void>;
  readonly submit: (wire: Wire) => void;
  readonly handleCopyData: (message: { readonly chunk: Buffer }) => void;
  readonly handleCommandComplete: () => void;
  readonly handleReadyForQuery: () => void;
  readonly handleError: (error: Error) => void;
};

/** A COPY … TO STDOUT as a query of pg. `take` gets the bytes as they come, and must not keep them. */
export function createCopyOut(text: string, take: (chunk: Buffer) => void): CopyOutQuery {
  const settled = Promise.withResolvers<void>();
  return {
    done: settled.promise,
    submit: (wire) => wire.query(text),
    handleCopyData: ({ chunk }) => {
      try {
        take(chunk);
      } catch (error) {
        // Here pg reads from its socket: what is thrown would end the program.
        settled.reject(error);
      }
    },
    handleCommandComplete: () => undefined,
    handleReadyForQuery: settled.resolve,
    handleError: (error) => settled.reject(databaseError(error)),
  };
}
