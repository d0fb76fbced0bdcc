import type { FileHandle } from 'node:fs/promises';
import type { Arriving } from '../net/download.ts';
import type { FetchProgress } from './fetching.ts';
import type { Known } from './known.ts';
import type { Order } from './orders.ts';
import { beginPart, discardPart, resumePart, resumption, type Part, type Resumption } from './part.ts';
import { askAlong, type Way } from './redirects.ts';
import { largeTrouble, refusedTrouble, trouble } from './trouble.ts';
import { lengthOf, pieceOf, strongValidator, validatorsOf } from './validators.ts';

/** One file on its way. */
export type Transfer = {
  readonly order: Order;
  /** The version that is kept already. */
  readonly known: Known | null;
  readonly part: Part;
  readonly way: Way;
  readonly maxBytes: number;
  readonly onProgress: (progress: FetchProgress) => void;
  /** Over all tries. */
  readonly tally: { bytes: number; attempts: number; isResumed: boolean };
};

/** What a try ends with: the whole file is in the part, or the version that is kept is still the newest. */
export type Exchanged = ({ readonly isNew: true } & ReturnType<typeof validatorsOf>) | { readonly isNew: false };

/** One try: asks, and writes what comes. Throws Trouble, and HttpFailure for a connection that fails or breaks off. */
export async function exchange(transfer: Transfer): Promise<Exchanged> {
  const { order, known, part, way } = transfer;
  const resumed = await resumption(part);
  const answer = await askAlong(order, resumed ? rangeHeaders(resumed) : conditionalHeaders(known), way);
  try {
    const isConditional = resumed === null && known !== null;
    if (answer.status === 304 && isConditional) return { isNew: false };
    if (answer.status === 200) return await receive(transfer, answer, 0);
    if (answer.status === 206 && resumed && pieceOf(answer.headers)?.start === resumed.offset) {
      return await receive(transfer, answer, resumed.offset);
    }
    // The part is of no use: longer than the file is now, or the server's pieces are others than we asked for.
    if (answer.status === 206 || answer.status === 416) throw await unfit(transfer, answer);
    throw refusedTrouble(order, answer);
  } finally {
    answer.drop();
  }
}

function rangeHeaders({ offset, validator }: Resumption): Record<string, string> {
  return { range: `bytes=${offset}-`, 'if-range': validator };
}

function conditionalHeaders(known: Known | null): Record<string, string> {
  return {
    ...(known?.etag ? { 'if-none-match': known.etag } : {}),
    ...(known?.lastModified ? { 'if-modified-since': known.lastModified } : {}),
  };
}

async function unfit({ order, part }: Transfer, { status }: Arriving): Promise<Error> {
  await discardPart(part);
  return trouble(order, 'download-failed', `answered ${status} when the rest of it was asked for`, {
    hint: 'run again: it begins anew',
    retry: 'yes',
  });
}

async function receive(transfer: Transfer, answer: Arriving, offset: number): Promise<Exchanged> {
  const { order, part, maxBytes, tally } = transfer;
  const { headers } = answer;
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw packed(transfer);
  const length = lengthOf(headers);
  const size = pieceOf(headers)?.size ?? (length === null ? null : offset + length);
  if (size !== null && size > maxBytes) throw largeTrouble(order, maxBytes);
  const handle = offset === 0 ? await beginPart(part, strongValidator(headers)) : await resumePart(part);
  tally.isResumed = offset > 0;
  try {
    const got = await write(transfer, handle, answer, offset, size);
    if (size !== null && got !== size) throw short(transfer, got, size);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { isNew: true, ...validatorsOf(headers) };
}

/** Returns how long the part is now. */
async function write(
  transfer: Transfer,
  handle: FileHandle,
  answer: Arriving,
  offset: number,
  size: number | null,
): Promise<number> {
  const { order, maxBytes, tally, onProgress } = transfer;
  let bytes = offset;
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    tally.bytes += chunk.length;
    if (bytes > maxBytes) throw largeTrouble(order, maxBytes);
    await handle.write(chunk);
    onProgress({ phase: 'fetching', file: order.name, bytes, size });
  }
  return bytes;
}

function packed({ order }: Transfer): Error {
  return trouble(order, 'download-refused', 'was sent in a coding that was not asked for (Content-Encoding)', {
    hint: 'look what stands between this machine and the server; a proxy may repack what passes',
  });
}

function short({ order }: Transfer, got: number, size: number): Error {
  return trouble(order, 'download-failed', `has ${size} bytes, and ${got} came`, {
    hint: 'run again later; it goes on where this try stopped',
    retry: 'yes',
  });
}
