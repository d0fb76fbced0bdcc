import { access, constants } from 'node:fs/promises';
import { ProjetusError } from '../../core/errors.ts';
import { findSources } from '../../source/find-sources.ts';
import { fail, ok, warn, type Finding, type Patient } from '../finding.ts';

const name = 'raw_dir';

/** Whether the files of a day are where the configuration says. */
export async function checkRawDir({ config }: Patient): Promise<Finding> {
  const { rawDir, datasets } = config.extraction;
  try {
    await access(rawDir, constants.R_OK | constants.X_OK);
    const { folder, byDataset } = await findSources(rawDir, null, datasets);
    const missing = datasets.filter(({ name: own, expect }) => expect.required && byDataset.get(own)!.length === 0);
    const found = datasets.length - datasets.filter(({ name: own }) => byDataset.get(own)!.length === 0).length;
    const message = `${folder} has files for ${found} of ${datasets.length} datasets`;
    if (missing.length === 0) return ok(name, message);
    const names = missing.map(({ name: own }) => own).join(', ');
    return warn(
      name,
      `${message}; none for ${names}`,
      'put them into the folder; projetus validate shows which file matches what',
    );
  } catch (error) {
    if (error instanceof ProjetusError) return fail(name, error.message, error.hint ?? 'correct extraction.files');
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return fail(name, `there is no folder ${rawDir}`, `mkdir -p ${rawDir}, or set extraction.raw_dir`);
    return fail(name, `${rawDir} cannot be read (${code ?? String(error)})`, `give the user of the job the right to read it`);
  }
}
