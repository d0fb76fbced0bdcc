import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './support/code-files.ts';

const read = (file: string) => readFile(join(root, file), 'utf8');

/** The rows of the table of threats, without its head: threat, what is done, test. */
const rows = (await read('SECURITY.md'))
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

describe('the list of threats', () => {
  it('has them all', () => {
    expect(rows.length).toBeGreaterThan(25);
    expect(rows.filter((cells) => cells.length !== 3 || cells.includes(''))).toEqual([]);
  });

  it.each(rows.map((cells) => [cells[0]!, cells[2]!] as const))('names a test that is there: %s', async (_, reference) => {
    const [, file, name] = /^`(test\/[\w./-]+\.test\.ts)`: (.+)$/.exec(reference)!;
    const text = await read(file!);
    // A name of a test or of a case, as it is written, between quotes.
    expect(text.includes(`'${name}`) || text.includes(`${name}'`) || text.includes(`${name},`)).toBe(true);
  });
});
