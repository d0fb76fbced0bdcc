import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noticesFile, noticesText, productionNotices } from '../../release/notices.ts';
import { root } from '../support/code-files.ts';

const notices = await productionNotices(root);

/** Licences that let anybody use, change and sell what they cover, and ask for their text alone. */
const permissive = ['MIT', 'MIT-0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'PSF-2.0', '0BSD', 'BlueOak-1.0.0'];

describe('the third-party notices', () => {
  it('are those of the packages that are installed now (npm run notices writes them)', async () => {
    expect(await readFile(join(root, noticesFile), 'utf8')).toBe(noticesText(notices));
  });

  it('name every dependency', async () => {
    const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const names = Object.entries(dependencies).map(([name, range]) => /^npm:(.+)@/.exec(range)?.[1] ?? name);
    expect(names.filter((name) => !notices.some((notice) => notice.name === name))).toEqual([]);
  });

  it('hold a text for each, with whose it is', () => {
    expect(notices.filter(({ text }) => text.length < 200 || !/copyright|licen[cs]e/i.test(text))).toEqual([]);
  });

  it('tell of no licence that asks for more than its text', () => {
    expect(notices.filter(({ licence }) => !permissive.includes(licence))).toEqual([]);
  });
});
