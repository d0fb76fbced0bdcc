import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProjetusError } from '../../src/core/errors.ts';
import { guessBlock, type GuessedBlock } from '../../src/guess/guess-block.ts';
import { configWithDataset } from '../../src/setup/config-with-dataset.ts';
import { root } from '../support/code-files.ts';
import { createProject } from '../support/project.ts';

const shipped = await readFile(join(root, 'config.yaml'), 'utf8');
const folders = ['test/fixtures', 'data/raw/2026-11-20'];
const files = await Promise.all(
  folders.map(async (folder) => {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => ({ name, path: join(root, folder, name) }));
  }),
);
const dataFiles = files.flat().filter(({ name }) => !name.endsWith('.md'));

/** Those that no configuration can load: why is told to who asks for a guess. */
const unreadable = ['empty.csv', 'header-only.csv', 'truncated.xlsx', 'truncated.zip', 'two-in-a-zip.zip', 'web-page.xls'];

describe('a guessed block', () => {
  it.each(dataFiles.filter(({ name }) => !unreadable.includes(name)))('loads $name, the very file', async ({ name, path }) => {
    const guessed: GuessedBlock = await guessBlock({ path, name }, new AbortController().signal);
    await using project = await createProject(configWithDataset(shipped, guessed.text));
    await project.put('2026-11-20', name, await readFile(path));
    const report = await project.run({ date: '2026-11-20' });
    expect({ error: report.error, status: report.status, unexpected: report.unexpected_files }).toEqual({
      error: null,
      status: 'success',
      unexpected: [],
    });
    const [{ counts, stored } = { counts: null, stored: 0 }] = report.datasets;
    expect(counts).toMatchObject({ read: guessed.trial.read, rejected: guessed.trial.rejected });
    expect(stored).toBe(counts!.inserted);
    expect(stored).toBeGreaterThan(0);
  });

  it.each(unreadable)('is refused for %s with the error of a run', async (name) => {
    const guess = guessBlock({ path: join(root, 'test/fixtures', name), name }, new AbortController().signal);
    const error = await guess.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ProjetusError);
    expect((error as ProjetusError).exitCode).toBe(7);
  });
});
