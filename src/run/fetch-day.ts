import { dayIn } from '../core/business-date.ts';
import type { Dataset } from '../core/dataset.ts';
import { fetchFiles, nothingFetched, type Fetched } from '../fetch/fetch-files.ts';
import type { Job } from './job.ts';

/**
 * Fetches the day's files, when the day is today: an address gives what it holds now, which must not be kept as that of
 * an earlier day. Throws `locked`, a full disk, and the interruption; what else fails is in the answer.
 */
export async function fetchDay(job: Job, datasets: readonly Dataset[], day: string): Promise<Fetched> {
  const { extraction } = job.config;
  const { fetching, network, clock, host, signal, onProgress } = job;
  if (fetching === null || day !== dayIn(extraction.timezone, clock())) return nothingFetched;
  return fetchFiles({ extraction, datasets, day, isPreview: job.isDryRun, fetching, network, clock, host, signal, onProgress });
}
