import type { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { ProjetusError } from '../core/errors.ts';
import { databaseError } from './database-error.ts';
import type { CopyIn } from './session.ts';

/** Chunks given to the socket and not yet taken: 64 of 64 KB keep the server busy; waiting for each starves it (1.47 L against 1.11 L). */
const chunksInFlight = 64;

/** The part of pg's connection that a COPY speaks to. */
type Wire = { readonly stream: Duplex; readonly query: (text: string) => void };

/** What pg calls when it is the COPY's turn, and when the server answers. */
export type CopyInQuery = CopyIn & {
  readonly submit: (wire: Wire) => void;
  readonly handleCopyInResponse: () => void;
  readonly handleCommandComplete: (message: { readonly text?: string }) => void;
  readonly handleReadyForQuery: () => void;
  readonly handleError: (error: Error) => void;
};

/**
 * A COPY … FROM STDIN as a query of pg. Ours, since pg-copy-streams 7.0.0 ends the process with a TypeError when the
 * server refuses a row while more are on their way. Without progress for `stallMs` it fails, and cuts the connection.
 */
export function createCopyIn(text: string, stallMs: number, destroy: () => void): CopyInQuery {
  let socket: Duplex | null = null;
  let pending = 0;
  let taken = 0;
  let rows = 0;
  let isEnding = false;
  let failure: ProjetusError | null = null;
  let wake: (() => void) | null = null;
  const opened = Promise.withResolvers<void>();
  const settled = Promise.withResolvers<void>();
  const fail = (error: Error) => {
    failure ??= databaseError(error);
    opened.resolve();
    settled.resolve();
    wake?.();
  };
  const written = () => {
    pending--;
    taken++;
    wake?.();
  };
  const unwatch = watchProgress(
    () => (pending > 0 || isEnding ? taken : null),
    stallMs,
    () => {
      fail(stalled(stallMs));
      destroy();
    },
  );
  void settled.promise.then(unwatch);
  return {
    submit: (wire) => {
      socket = wire.stream;
      wire.query(text);
    },
    handleCopyInResponse: opened.resolve,
    handleCommandComplete: (message) => (rows = Number(/^COPY (\d+)/.exec(message.text ?? '')?.[1] ?? 0)),
    handleReadyForQuery: settled.resolve,
    handleError: fail,
    write: async (chunk) => {
      await opened.promise;
      if (failure) throw failure;
      pending++;
      send(socket!, chunk, written);
      while (pending >= chunksInFlight && !failure) await new Promise<void>((resolve) => (wake = resolve));
      await turn();
      if (failure) throw failure;
    },
    end: async () => {
      await opened.promise;
      isEnding = true;
      if (!failure) socket!.write(copyDone);
      await settled.promise;
      if (failure) throw failure;
      return rows;
    },
  };
}

/** The messages CopyData and CopyDone: a letter, and a length that counts itself. */
const copyData = 0x64;
const copyDone = Buffer.from('c\0\0\0\x04', 'latin1');

function send(socket: Duplex, chunk: Buffer, written: () => void): void {
  const head = Buffer.allocUnsafe(5);
  head[0] = copyData;
  head.writeUInt32BE(chunk.length + 4, 1);
  // In one packet with its head, which would else be sent alone.
  socket.cork();
  socket.write(head);
  socket.write(chunk, written);
  socket.uncork();
}

/** Looks a few times whether something moved: a machine that slept would find its time over when it wakes up. */
const looks = 8;

/** Calls `onStall` once `progress` has stood still for so long; null says that nothing is waited for. */
function watchProgress(progress: () => number | null, stallMs: number, onStall: () => void): () => void {
  let last: number | null = null;
  let still = 0;
  const timer = setInterval(() => {
    const now = progress();
    still = now !== null && now === last ? still + 1 : 0;
    last = now;
    if (still < looks) return;
    clearInterval(timer);
    onStall();
  }, stallMs / looks);
  return () => clearInterval(timer);
}

function stalled(stallMs: number): ProjetusError {
  const seconds = Math.round(stallMs / 1_000);
  return new ProjetusError('database-unavailable', `Database: the server has taken nothing of a COPY for ${seconds} s`, {
    hint: 'check the network between here and the server, then run again: nothing was published',
  });
}
