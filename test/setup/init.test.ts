import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { configWithDataset } from '../../src/setup/config-with-dataset.ts';
import { initProject } from '../../src/setup/init.ts';
import { projectFiles, withFolder } from '../../src/setup/project-files.ts';
import { root } from '../support/code-files.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'projetus-init-'))));
afterEach(() => rm(folder, { recursive: true }));

const read = (name: string) => readFile(join(folder, name), 'utf8');

describe('init', () => {
  it('writes the files of the package, with the project’s folder in them, and a configuration that is valid', async () => {
    const { written, kept } = await initProject(folder, null);
    expect({ written, kept }).toEqual({ written: projectFiles.map(({ name }) => name), kept: [] });
    for (const { name, source, hasFolder } of projectFiles) {
      const shipped = await readFile(join(root, source), 'utf8');
      expect(await read(name)).toBe(hasFolder ? shipped.replaceAll('/srv/projetus', folder) : shipped);
    }
    expect(await read('crontab.example')).toContain(`cd ${folder} && `);
    expect((await loadConfig({ path: join(folder, 'config.yaml'), env: {} })).extraction.datasets).not.toEqual([]);
    expect(await readdir(join(folder, 'data/raw'))).toEqual([]);
  });

  it('lets nobody else read .env, and nobody else write the configuration', async () => {
    await initProject(folder, null);
    expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'config.yaml'))).mode & 0o022).toBe(0);
  });

  it('makes a folder that is not there', async () => {
    const report = await initProject(join(folder, 'a/b'), null);
    expect(report.folder).toBe(join(folder, 'a/b'));
    expect(await read('a/b/config.yaml')).toContain('extraction:');
  });

  it('writes nothing where there is a configuration', async () => {
    await writeFile(join(folder, 'config.yaml'), 'mine');
    await expect(initProject(folder, null)).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('init --from') as string,
    });
    expect(await readdir(folder)).toEqual(['config.yaml']);
    expect(await read('config.yaml')).toBe('mine');
  });

  it('keeps other files that are there, and says so', async () => {
    await writeFile(join(folder, '.env'), 'DATABASE_URL=mine');
    await mkdir(join(folder, 'systemd'));
    await symlink('/nowhere/at/all', join(folder, 'Dockerfile'));
    const { written, kept } = await initProject(folder, null);
    expect(kept.toSorted()).toEqual(['.env', 'Dockerfile']);
    expect(written).toHaveLength(projectFiles.length - 2);
    expect(await read('.env')).toBe('DATABASE_URL=mine');
  });

  it.skipIf(process.getuid?.() === 0)('says when a folder may not be written to', async () => {
    await chmod(folder, 0o500);
    await expect(initProject(join(folder, 'p'), null)).rejects.toMatchObject({ code: 'usage' });
    await chmod(folder, 0o700);
  });

  it('says when the folder is a file', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(initProject(join(folder, 'file'), null)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('file') as string,
    });
  });

  it('puts one dataset in the place of those that ship, and keeps everything else', async () => {
    const block = '- name: obras\n  key: [id]\n  columns:\n    id: { from: [ID] }\n';
    await initProject(folder, block);
    const config = await loadConfig({ path: join(folder, 'config.yaml'), env: {} });
    expect(config.extraction.datasets.map(({ name }) => name)).toEqual(['obras']);
    const shipped = await readFile(join(root, 'config.yaml'), 'utf8');
    const outside = (text: string) => text.replace(/\n {2}files:\n[^]*?(?=\n[a-z])/, '');
    expect(outside(await read('config.yaml')).trim()).toBe(outside(shipped).trim());
  });
});

describe('a configuration with one dataset', () => {
  it('cannot be made of something else', () => {
    expect(() => configWithDataset('version: 1\n', '- name: a\n')).toThrow('has no files');
  });
});

describe('the folder in an example', () => {
  it.each(['/srv/with blank', "/srv/o'clock", '/srv/$HOME', '/srv/100%', '/srv/a;b'])(
    'stays as it is for %s, which a shell or systemd would read otherwise',
    (path) => {
      expect(withFolder('cd /srv/projetus && x', path)).toBe('cd /srv/projetus && x');
    },
  );
});
