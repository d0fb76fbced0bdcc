import { mkdir } from 'node:fs/promises';
import { ProjetusError } from '../core/errors.ts';
import type { DownloadReport, SentinelReport } from '../core/report.ts';
import { openConnections, type Connections } from '../net/download.ts';
import type { Preview } from '../source/find-sources.ts';
import { download, type Delivery, type Endurance } from './download.ts';
import type { Transfer } from './exchange.ts';
import type { FetchJob } from './fetching.ts';
import { findKnown, incomingFolder, lastChecksum, type Known } from './known.ts';
import { lockRawFiles } from './lock.ts';
import { assertClaimed, orderOf, ordersOf, type Order } from './orders.ts';
import { partOf } from './part.ts';
import { maxSentinelBytes, readSentinel } from './sentinel.ts';
import { keepIncoming, preview, shelve, type Shelf } from './shelf.ts';

export type Fetched = {
  readonly downloads: readonly DownloadReport[];
  readonly sentinel: SentinelReport | null;
  /** Why there is no file of today, by the name of each dataset that has none. */
  readonly failures: ReadonlyMap<string, ProjetusError>;
  /** What a dry run reads besides the folder; null when there is nothing. */
  readonly preview: Preview | null;
};

export const nothingFetched: Fetched = { downloads: [], sentinel: null, failures: new Map(), preview: null };

/** A set that was replaced while it came is fetched once more: what did not change costs one request each. */
const mostRounds = 2;

/** Files one address after the other, so that no server has more than one connection of ours. */
type Fetch = {
  readonly job: FetchJob;
  readonly connections: Connections;
  readonly shelf: Shelf;
  readonly endurance: Endurance;
};

type Item = { readonly order: Order; readonly report: DownloadReport; known: Known | null; error: ProjetusError | null };

/**
 * Fetches the files of the datasets that have an `url` into the day's folder, or where a dry run finds them. What fails
 * is in the answer; throws for what concerns all: `locked`, a full disk, the interruption.
 */
export async function fetchFiles(job: FetchJob): Promise<Fetched> {
  const orders = ordersOf(job.datasets);
  if (orders.length === 0) return nothingFetched;
  const { rawDir, download: settings } = job.extraction;
  await mkdir(incomingFolder(rawDir), { recursive: true });
  await using _lock = await lockRawFiles(rawDir, job.host);
  const { fetching, network, signal } = job;
  await using connections = await openConnections({ ...fetching, ...network });
  const shelf = { rawDir, day: job.day, fetchedAt: job.clock(), signal };
  const endurance = { retryDelaysMs: fetching.retryDelaysMs, timeoutMs: settings.timeoutMs, signal };
  const fetch: Fetch = { job, connections, shelf, endurance };
  const { items, sentinel } = await fetchSet(fetch, orders);
  return { ...(await handOver(fetch, items)), sentinel };
}

/** All files, between two looks at the sentinel. */
async function fetchSet(fetch: Fetch, orders: readonly Order[]): Promise<{ items: Item[]; sentinel: SentinelReport | null }> {
  const { sentinelUrl } = fetch.job.extraction.download;
  const items: Item[] = orders.map((order) => ({ order, report: emptyReport(order), known: null, error: null }));
  if (sentinelUrl === null) return { items: await fetchAll(fetch, items), sentinel: null };
  const order = orderOf(sentinelUrl, 'sentinel');
  try {
    let before = await look(fetch, order);
    for (let round = 1; ; round++) {
      await fetchAll(fetch, items);
      const after = await look(fetch, order);
      const sentinel = { url: order.shown, before, after };
      if (after === before) return { items, sentinel };
      if (round === mostRounds) return { items: refuse(items, mixed(order, before, after)), sentinel };
      before = after;
    }
  } catch (error) {
    if (!(error instanceof ProjetusError) || fetch.job.signal.aborted) throw error;
    return { items: refuse(items, error), sentinel: null };
  }
}

function look(fetch: Fetch, order: Order): Promise<string> {
  return readSentinel(transferOf(fetch, order, null, maxSentinelBytes), fetch.endurance);
}

function refuse(items: readonly Item[], error: ProjetusError): Item[] {
  return items.map((item) => ({ ...item, error: item.error ?? error }));
}

async function fetchAll(fetch: Fetch, items: Item[]): Promise<Item[]> {
  for (const item of items) await fetchOne(fetch, item);
  return items;
}

async function fetchOne(fetch: Fetch, item: Item): Promise<void> {
  const { job, shelf } = fetch;
  const { order, report } = item;
  const startedMs = performance.now();
  item.error = null;
  try {
    assertClaimed(order, job.extraction.datasets);
    const known = await findKnown(shelf.rawDir, order.key, job.signal);
    const transfer = transferOf(fetch, order, known, job.extraction.download.maxBytes);
    try {
      const delivery = await download(transfer, fetch.endurance);
      item.known = await keepIncoming(shelf, order, delivery);
      report.status = statusOf(report, transfer, delivery);
    } finally {
      report.bytes += transfer.tally.bytes;
      report.attempts += transfer.tally.attempts;
    }
  } catch (error) {
    if (!(error instanceof ProjetusError) || job.signal.aborted) throw error;
    item.error = error;
  } finally {
    report.duration_ms += Math.round(performance.now() - startedMs);
  }
}

/** In a second round a file that has not changed again is still one that was fetched. */
function statusOf({ status }: DownloadReport, { tally }: Transfer, { isNew }: Delivery): DownloadReport['status'] {
  if (!isNew) return status === 'failed' ? 'not-modified' : status;
  return tally.isResumed ? 'resumed' : 'fetched';
}

function transferOf({ job, connections }: Fetch, order: Order, known: Known | null, maxBytes: number): Transfer {
  const { rawDir, download: settings } = job.extraction;
  const way = { connections, mayRedirectInside: settings.mayRedirectInside, signal: job.signal };
  const part = partOf(incomingFolder(rawDir), order.name, order.key);
  const tally = { bytes: 0, attempts: 0, isResumed: false };
  return { order, known, part, way, maxBytes, onProgress: job.onProgress, tally };
}

/** From where files arrive to where they are read. Of a set that is not whole as its publisher meant it, nothing goes. */
async function handOver({ job, shelf }: Fetch, items: readonly Item[]): Promise<Omit<Fetched, 'sentinel'>> {
  const failures = new Map<string, ProjetusError>();
  const names: string[] = [];
  for (const { order, report, known, error } of items) {
    if (known === null || error !== null) {
      fail(report, error!);
      for (const { name } of order.datasets) failures.set(name, error!);
      continue;
    }
    Object.assign(report, { size: known.bytes, sha256: known.sha256, last_modified: known.lastModified });
    report.changed = known.sha256 !== (await lastChecksum(shelf.rawDir, order.key));
    const name = job.isPreview ? await preview(shelf, order, known) : await shelve(shelf, order, known);
    report.file = name ?? order.name;
    if (job.isPreview && name !== null) names.push(name);
  }
  const found = names.length === 0 ? null : { day: job.day, folder: incomingFolder(shelf.rawDir), names };
  return { downloads: items.map(({ report }) => report), failures, preview: found };
}

function fail(report: DownloadReport, { code, message, hint, file, line, column }: ProjetusError): void {
  report.status = 'failed';
  report.error = { code, message, hint, file, line, column };
}

function mixed({ shown }: Order, before: string, after: string): ProjetusError {
  return new ProjetusError('download-mixed', `${shown} said "${before}" before the downloads and "${after}" after them.`, {
    hint: 'the publisher is replacing the files: run again in some minutes',
  });
}

function emptyReport({ shown, datasets }: Order): DownloadReport {
  return {
    url: shown,
    datasets: datasets.map(({ name }) => name),
    file: null,
    status: 'failed',
    changed: false,
    bytes: 0,
    size: null,
    sha256: null,
    last_modified: null,
    attempts: 0,
    duration_ms: 0,
    error: null,
  };
}
