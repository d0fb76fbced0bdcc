import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import type { DownloadReport } from '../../src/core/report.ts';
import { fetchFiles, type Fetched } from '../../src/fetch/fetch-files.ts';
import { patience, type FetchJob, type Fetching, type FetchProgress } from '../../src/fetch/fetching.ts';
import { loadText } from '../config/load-text.ts';
import { fileServer, type FileServer } from '../support/file-server.ts';
import { zipFile } from '../support/zip-files.ts';
import { noProxies } from '../support/no-proxies.ts';

export const monday = '2026-11-23';
export const tuesday = '2026-11-24';

/** Addresses by dataset. */
export type Addresses = Readonly<Record<string, string>>;

export type Desk = {
  readonly server: FileServer;
  readonly rawDir: string;
  /** Fetches at noon of `day`, in a time zone three hours behind. */
  readonly fetch: (urls: Addresses, options?: FetchOptions) => Promise<Fetched>;
  /** The one download of one address. */
  readonly fetchOne: (url: string, options?: FetchOptions) => Promise<DownloadReport>;
  /** Every file below raw_dir but our ledgers, with its text; the size of what is longer than 40 bytes. */
  readonly files: () => Promise<Record<string, string>>;
  readonly waits: { reason: string; waitMs: number }[];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type FetchOptions = Partial<Omit<FetchJob, 'fetching'>> & {
  readonly fetching?: Partial<Fetching>;
  readonly settings?: Partial<Config['extraction']['download']>;
};

const config = await loadText(
  `extraction:\n  files:\n${['obras', 'obras_partes', 'ruas'].map((name) => `    - { name: ${name}, match: ['*${name.split('_')[0]}*'], required_columns: [id] }\n`).join('')}`,
);

export async function openDesk(isTls = false): Promise<Desk> {
  const rawDir = join(await mkdtemp(join(tmpdir(), 'projetus-fetch-')), 'raw');
  let arrivedBytes = 0;
  const server = await fileServer(isTls, async (bytes) => {
    for (let polls = 0; arrivedBytes < bytes && polls < 1000; polls++) await new Promise((resolve) => setTimeout(resolve, 5));
  });
  const waits: Desk['waits'] = [];
  const note = (progress: FetchProgress) => {
    if (progress.phase === 'fetching') arrivedBytes = progress.bytes;
    else waits.push({ reason: progress.reason, waitMs: progress.waitMs });
  };
  const fetch: Desk['fetch'] = async (urls, { fetching, settings, day = monday, ...options } = {}) => {
    const datasets = config.extraction.datasets.map((dataset) => ({ ...dataset, url: urls[dataset.name] ?? null }));
    return fetchFiles({
      extraction: { rawDir, datasets, download: { ...config.extraction.download, ...settings } },
      datasets,
      day,
      isPreview: false,
      fetching: { ...patience, retryDelaysMs: [5, 10, 15], ...fetching },
      network: { userAgent: 'projetus/0.0.0+test', ca: null, proxies: noProxies },
      clock: () => new Date(`${day}T15:00:00Z`),
      host: { pid: process.pid, hostname: 'test', user: 'test', isAlive: () => true },
      signal: new AbortController().signal,
      onProgress: note,
      ...options,
    });
  };
  return {
    server,
    rawDir,
    fetch,
    fetchOne: async (url, options) => (await fetch({ obras: url }, options)).downloads[0]!,
    files: () => filesBelow(rawDir),
    waits,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(join(rawDir, '..'), { recursive: true, force: true });
    },
  };
}

async function filesBelow(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.downloads.json'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
  const texts = names.map(async (name) => {
    const bytes = await readFile(join(folder, name));
    return [name, bytes.length > 40 ? String(bytes.length) : bytes.toString()] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

/** A zip whose one member does not pack well, so that it has many bytes. */
export function bigZip(seed: number, name = 'obras.csv'): Buffer {
  let state = seed;
  const cell = () => (state = (state * 48_271) % 2_147_483_647).toString(36);
  const rows = Array.from({ length: 5_000 }, (_, row) => `${row};${cell()};${cell()}\n`);
  return zipFile([{ name, data: `id;a;b\n${rows.join('')}` }]);
}
