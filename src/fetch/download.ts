import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProjetusError } from '../core/errors.ts';
import { checksum } from '../source/fingerprint.ts';
import { HttpFailure } from '../net/http.ts';
import { checkContent } from './check-content.ts';
import { exchange, type Exchanged, type Transfer } from './exchange.ts';
import type { Known } from './known.ts';
import { discardPart, resumption } from './part.ts';
import { contentTrouble, failedTrouble, slowTrouble, Trouble } from './trouble.ts';

/** A version of a file, whole and looked at: where its bytes are, and whether they have just come. */
export type Delivery = Known & { readonly isNew: boolean };

export type Endurance = {
  readonly retryDelaysMs: readonly number[];
  /** For all tries together. */
  readonly timeoutMs: number;
  /** The interruption of the whole program. */
  readonly signal: AbortSignal;
};

/** Beyond this nobody waits: what the server asks is left to the next run. */
const longestWaitMs = 120_000;

/** A server that gives a byte a time must not keep us for ever. */
const mostAttempts = 50;

/**
 * Fetches one file: tries again what may pass, after growing pauses, and goes on where a try broke off. A try that
 * brought the file forward does not count as one in vain. Throws ProjetusError, and the signal's reason.
 */
export async function download(transfer: Transfer, { retryDelaysMs, timeoutMs, signal }: Endurance): Promise<Delivery> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const way = { ...transfer.way, signal: AbortSignal.any([signal, timeout]) };
  let failures = 0;
  let damages = 0;
  for (;;) {
    const before = await reached(transfer);
    try {
      transfer.tally.attempts++;
      return await deliver(transfer, await exchange({ ...transfer, way }), way.signal);
    } catch (error) {
      signal.throwIfAborted();
      const found = timeout.aborted ? slowTrouble(transfer.order, timeoutMs / 60_000) : await asTrouble(transfer, error);
      if (found.retry === 'once') damages++;
      // From here on it is a try in vain, unless more of the file is there than before.
      failures = (await reached(transfer)) > before ? 0 : failures + 1;
      const delayMs = retryDelaysMs[Math.max(failures - 1, 0)];
      const waitMs = Math.max(delayMs ?? 0, found.waitMs ?? 0);
      const isHopeless = found.retry === 'no' || damages > 1 || delayMs === undefined || waitMs > longestWaitMs;
      if (isHopeless || transfer.tally.attempts >= mostAttempts) throw await lastWord(transfer, found);
      transfer.onProgress({ phase: 'waiting', reason: found.message, waitMs });
      await pause(waitMs, way.signal, signal, () => slowTrouble(transfer.order, timeoutMs / 60_000).error);
    }
  }
}

/** How much of the file is there to go on from. */
async function reached({ part }: Transfer): Promise<number> {
  return (await resumption(part))?.offset ?? 0;
}

async function deliver(transfer: Transfer, exchanged: Exchanged, signal: AbortSignal): Promise<Delivery> {
  if (!exchanged.isNew) return { ...transfer.known!, isNew: false };
  const { order, part } = transfer;
  try {
    await checkContent({ name: order.name, path: part.path }, signal);
  } catch (error) {
    await discardPart(part);
    signal.throwIfAborted();
    throw error instanceof ProjetusError ? contentTrouble(error) : error;
  }
  const { etag, lastModified } = exchanged;
  const sha256 = await checksum({ name: order.name, path: part.path }, signal);
  return { isNew: true, path: part.path, sha256, bytes: (await stat(part.path)).size, etag, lastModified };
}

/** What is neither the network nor the server, such as a full disk, is thrown as it is, and leaves nothing behind. */
async function asTrouble({ order, part }: Transfer, error: unknown): Promise<Trouble> {
  if (error instanceof Trouble) return error;
  if (error instanceof HttpFailure) return failedTrouble(order, error);
  await discardPart(part);
  throw error;
}

/** What cannot be gone on with is not kept. */
async function lastWord(transfer: Transfer, { error }: Trouble): Promise<ProjetusError> {
  if (error.code !== 'download-failed' || (await reached(transfer)) === 0) await discardPart(transfer.part);
  return error;
}

async function pause(ms: number, either: AbortSignal, signal: AbortSignal, slow: () => ProjetusError): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: either });
  } catch {
    signal.throwIfAborted();
    throw slow();
  }
}
