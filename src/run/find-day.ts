import { ProjetusError } from '../core/errors.ts';
import type { Fetched } from '../fetch/fetch-files.ts';
import { findSources, type Sources } from '../source/find-sources.ts';
import type { Job } from './job.ts';

/** Where a download failed there may be no folder at all: then that is the reason to tell, by its datasets. */
export async function findDay(job: Job, { failures, preview }: Fetched): Promise<Sources> {
  const { rawDir, datasets } = job.config.extraction;
  try {
    return await findSources(rawDir, job.date, datasets, preview);
  } catch (error) {
    if (failures.size === 0 || !(error instanceof ProjetusError) || error.code !== 'source-missing') throw error;
    return { folder: rawDir, folderDate: null, byDataset: new Map(), unexpected: [], superseded: [] };
  }
}
