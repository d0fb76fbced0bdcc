import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/core/dataset.ts';
import { findSources } from '../../src/source/find-sources.ts';

const top = mkdtempSync(join(tmpdir(), 'projetus-sources-'));
afterAll(() => rmSync(top, { recursive: true }));
writeFileSync(join(top, 'outside.csv'), 'id\n1\n');

let made = 0;

/** A raw folder of its own with one day, beside `outside.csv`; what `fill` puts into the day. */
function rawDir(fill: (day: string) => void): string {
  const raw = join(top, `raw${made++}`);
  const day = join(raw, '2026-11-20');
  mkdirSync(day, { recursive: true });
  fill(day);
  return raw;
}

async function found(raw: string, ...match: string[]): Promise<readonly string[]> {
  const { byDataset } = await findSources(raw, null, [{ name: 'obras', match } as unknown as Dataset]);
  return byDataset.get('obras')!.map(({ path }) => path.slice(raw.length));
}

describe('today’s files', () => {
  it.each(['../*.csv', '../../outside.csv', '/etc/*', '**/outside.csv', '2026-11-20/../../*', '..', '**/../**'])(
    'are those of the folder, whatever a pattern says: %s',
    async (pattern) => {
      const raw = rawDir((day) => writeFileSync(join(day, 'obras.csv'), 'id\n'));
      expect(await found(raw, pattern)).toEqual([]);
      expect(await found(raw, pattern, 'obras.*')).toEqual(['/2026-11-20/obras.csv']);
    },
  );

  it('may be links within the raw folder', async () => {
    const raw = rawDir((day) => {
      writeFileSync(join(day, '..', 'yesterday.bin'), 'id\n1\n');
      symlinkSync('../yesterday.bin', join(day, 'obras.csv'));
    });
    expect(await found(raw, 'obras.csv')).toEqual(['/2026-11-20/obras.csv']);
  });

  it.each([
    ['a link that leads out', (day: string) => symlinkSync(join(top, 'outside.csv'), join(day, 'obras.csv')), 'source-unsafe'],
    ['a link to a folder', (day: string) => symlinkSync('.', join(day, 'obras.csv')), 'source-unsafe'],
    ['a link to nothing', (day: string) => symlinkSync('nowhere', join(day, 'obras.csv')), 'source-unreadable'],
    ['a link to itself', (day: string) => symlinkSync('obras.csv', join(day, 'obras.csv')), 'source-unreadable'],
    ['a pipe, which never ends', (day: string) => execFileSync('mkfifo', [join(day, 'obras.csv')]), 'source-unsafe'],
  ])('are no %s', async (_, fill, code) => {
    await expect(found(rawDir(fill), 'obras.csv')).rejects.toMatchObject({ code, file: 'obras.csv' });
  });

  it('are not looked at when no dataset takes them', async () => {
    const raw = rawDir((day) => symlinkSync(join(top, 'outside.csv'), join(day, 'other.csv')));
    expect(await found(raw, 'obras.csv')).toEqual([]);
  });
});
