import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ProjetusError } from '../core/errors.ts';
import { configWithDataset } from './config-with-dataset.ts';
import { packageFile } from './package-file.ts';
import { projectFiles, withFolder, type ProjectFile } from './project-files.ts';

/** `init --json`. A contract: only ever extended. */
export type InitReport = {
  schema: 'projetus.init/1';
  /** Absolute. */
  folder: string;
  written: string[];
  /** Were there already, and stay as they are. */
  kept: string[];
};

/** Where the files of a day go; it stays empty. */
const rawFolder = 'data/raw';

/**
 * Writes the files of a project into a folder, which is made when it is not there. A file that exists is never replaced:
 * with a configuration nothing is written at all (`usage`), others are kept. `block`: the one dataset of the
 * configuration, instead of those that the package ships.
 */
export async function initProject(folder: string, block: string | null): Promise<InitReport> {
  const root = resolve(folder);
  await refuseProject(root);
  const written: string[] = [];
  const kept: string[] = [];
  for (const file of projectFiles) {
    const isNew = await write(join(root, file.name), await contentOf(file, root, block), file.mode);
    (isNew ? written : kept).push(file.name);
  }
  await guarded(root, () => mkdir(join(root, rawFolder), { recursive: true }));
  return { schema: 'projetus.init/1', folder: root, written, kept };
}

async function refuseProject(root: string): Promise<void> {
  const isThere = await stat(join(root, 'config.yaml')).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  throw new ProjetusError('usage', `There is a config.yaml in ${root} already; nothing was written.`, {
    hint: 'name another folder; projetus init --from FILE, without a folder, prints a block to put into a configuration',
    file: join(root, 'config.yaml'),
  });
}

async function contentOf(file: ProjectFile, root: string, block: string | null): Promise<string> {
  const text = await packageFile(file.source);
  if (file.name === 'config.yaml' && block !== null) return configWithDataset(text, block);
  return file.hasFolder ? withFolder(text, root) : text;
}

/** False when the file is there: nothing is replaced, nor written through a link. */
async function write(path: string, text: string, mode: number): Promise<boolean> {
  return guarded(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeFile(path, text, { flag: 'wx', mode });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  });
}

async function guarded<Answer>(path: string, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    // A full disk is told as such by whoever tells errors.
    if (code === 'ENOSPC' || code === 'EDQUOT') throw cause;
    throw new ProjetusError('usage', `${path} cannot be written: ${message}`, {
      hint: 'name a folder that you may write to',
      file: path,
      cause,
    });
  }
}
