import type { ChalkInstance } from 'chalk';
import type { DownloadReport, SentinelReport } from '../core/report.ts';
import { printable } from './style.ts';

const words: Readonly<Record<DownloadReport['status'], string>> = {
  fetched: 'fetched',
  resumed: 'fetched, in pieces',
  'not-modified': 'not modified',
  failed: 'failed',
};

/** A line for each download, for people at a terminal. */
export function downloadLines(
  downloads: readonly DownloadReport[],
  sentinel: SentinelReport | null,
  chalk: ChalkInstance,
): string[] {
  if (downloads.length === 0) return [];
  const lines = downloads.map((download) => {
    const { url, file, status, changed, bytes, attempts, duration_ms, error } = download;
    const tries = attempts > 1 ? `, ${attempts} tries` : '';
    const same = status !== 'not-modified' && status !== 'failed' && !changed ? ', same content as before' : '';
    const amount = status === 'not-modified' ? '' : ` ${megabytes(bytes)}`;
    const paint = error ? chalk.red : status === 'not-modified' ? chalk.dim : (text: string) => text;
    return paint(`  ${printable(file ?? url)}: ${words[status]}${amount}${same}${tries}, ${(duration_ms / 1000).toFixed(1)} s`);
  });
  return [chalk.bold('Downloads'), ...lines, ...sentinelLines(sentinel, chalk), ''];
}

function sentinelLines(sentinel: SentinelReport | null, chalk: ChalkInstance): string[] {
  if (sentinel === null) return [];
  const { before, after } = sentinel;
  const said = before === after ? `says "${after}"` : `said "${before}" before and "${after}" after`;
  return [chalk.dim(`  sentinel ${printable(said)}`)];
}

/** The same for a log. */
export function downloadLog(downloads: readonly DownloadReport[]): string[] {
  return downloads.map(({ url, file, status, changed, bytes, attempts, duration_ms }) =>
    printable(`${file ?? url} ${status} changed=${changed} bytes=${bytes} attempts=${attempts} ms=${duration_ms}`),
  );
}

export function megabytes(bytes: number): string {
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
