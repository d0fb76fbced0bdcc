import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSources } from '../../src/source/find-sources.ts';
import { lastFetched, originalName, refetchedName, refetchNumber } from '../../src/source/refetched.ts';
import { loadText } from '../config/load-text.ts';

describe('a file that was fetched again', () => {
  it.each([
    ['obras.zip', 'obras.zip', 1],
    ['obras.refetched-2.zip', 'obras.zip', 2],
    ['obras.csv.refetched-12.zip', 'obras.csv.zip', 12],
    ['obras.refetched-1.zip', 'obras.refetched-1.zip', 1],
    ['obras.refetched-02.zip', 'obras.refetched-02.zip', 1],
    ['.refetched-2.zip', '.refetched-2.zip', 1],
  ])('%s is %s, number %i', (name, original, number) => {
    expect([originalName(name), refetchNumber(name)]).toEqual([original, number]);
    expect(refetchedName(original, number)).toBe(name);
  });

  it('is the last by its number, not by its letters', () => {
    const names = ['a.refetched-10.zip', 'a.zip', 'a.refetched-9.zip', 'b.refetched-11.zip'];
    expect(lastFetched(names, 'a.zip')).toBe('a.refetched-10.zip');
    expect(lastFetched(names, 'c.zip')).toBe(null);
  });
});

it('only the last is read, by datasets that match its name without the mark; what a dry run fetched comes before all', async () => {
  const { extraction } = await loadText(
    "extraction:\n  files:\n    - { name: obras, match: ['obras.csv'], required_columns: [id] }\n",
  );
  const raw = await mkdtemp(join(tmpdir(), 'projetus-refetched-'));
  const names = ['obras.csv', 'obras.refetched-2.csv', '.obras.csv.part', '.downloads.json', 'nota.pdf'];
  for (const [folder, files] of [
    ['2026-11-20', names],
    ['.incoming', ['obras.csv', 'antiga.csv']],
  ] as const) {
    await mkdir(join(raw, folder));
    for (const name of files) await writeFile(join(raw, folder, name), 'id\n');
  }
  const paths = async (...more: [] | [{ day: string; folder: string; names: string[] }]) => {
    const { byDataset, unexpected, superseded, folderDate } = await findSources(raw, null, extraction.datasets, ...more);
    return { paths: byDataset.get('obras')!.map(({ path }) => path.slice(raw.length + 1)), unexpected, superseded, folderDate };
  };
  expect(await paths()).toEqual({
    paths: ['2026-11-20/obras.refetched-2.csv'],
    unexpected: ['nota.pdf'],
    superseded: ['obras.csv'],
    folderDate: '2026-11-20',
  });
  const folder = join(raw, '.incoming');
  expect(await paths({ day: '2026-11-20', folder, names: ['obras.csv'] })).toEqual({
    paths: ['.incoming/obras.csv'],
    unexpected: ['nota.pdf'],
    superseded: ['obras.csv', 'obras.refetched-2.csv'],
    folderDate: '2026-11-20',
  });
  expect(await paths({ day: '2026-11-21', folder, names: ['obras.csv'] })).toMatchObject({
    paths: ['.incoming/obras.csv'],
    unexpected: [],
  });
  await rm(raw, { recursive: true });
});
