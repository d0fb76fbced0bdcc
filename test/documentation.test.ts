import { readFile, readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { english } from '../src/alert/texts/en.ts';
import { errorActions } from '../src/alert/texts/en-errors.ts';
import { portugueseErrorTexts } from '../src/alert/texts/pt-br-errors.ts';
import { alertCodes, errorCodes, rejectCodes, type ErrorCode } from '../src/core/codes.ts';
import { exitCodeMeanings } from '../src/core/exit-codes.ts';
import { root } from './support/code-files.ts';

const files = [
  ...(await readdir(root)).filter((name) => name.endsWith('.md') && name !== 'THIRD-PARTY-NOTICES.md'),
  ...(await readdir(join(root, 'docs'))).map((name) => `docs/${name}`),
  'src/README.md',
];
const texts = new Map(await Promise.all(files.map(async (file) => [file, await readFile(join(root, file), 'utf8')] as const)));

/** The rows of all tables, cells trimmed and without their backquotes. */
function rowsOf(file: string): ReadonlySet<string> {
  const lines = texts
    .get(file)!
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return new Set(lines.map((line) => rowOf(line.split(/(?<!\\)\|/).slice(1, -1))));
}

function rowOf(cells: readonly string[]): string {
  return cells.map((cell) => cell.replaceAll(/`|\\(?=[|_])/g, '').trim()).join(' | ');
}

/** Fenced blocks out, since what looks like a link or a heading there is none. */
function proseOf(file: string): string {
  return texts.get(file)!.replaceAll(/^```.*?^```$/gms, '');
}

/** As GitHub makes them: small letters, blanks as hyphens, no punctuation. */
function anchorsOf(file: string): readonly string[] {
  const titles = [...proseOf(file).matchAll(/^#+ (.+)$/gm)].map(([, title]) => title!.toLowerCase());
  return titles.map((title) => title.replaceAll(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-'));
}

describe('the messages', () => {
  const rows = rowsOf('docs/messages.md');

  it.each(exitCodeMeanings)('README: what exit code %i means', (code, meaning) => {
    expect(rowsOf('README.md')).toContain(rowOf([String(code), meaning]));
    expect([...rowsOf('README.pt-BR.md')].filter((row) => row.startsWith(`${code} | `))).toHaveLength(1);
  });

  it.each(Object.entries(errorCodes))('when a run stops with %s, and its exit code', (code, { exitCode, meaning }) => {
    expect(rows).toContain(rowOf([code, String(exitCode), meaning, errorActions[code as ErrorCode]]));
    const [title, next] = portugueseErrorTexts[code as ErrorCode];
    expect(rowsOf('README.pt-BR.md')).toContain(rowOf([code, String(exitCode), title, next]));
  });

  it.each(Object.entries(rejectCodes))('what %s means', (code, meaning) => {
    expect(rows).toContain(rowOf([code, meaning]));
  });

  it.each(Object.entries(alertCodes))('what %s means, and what to do', (code, meaning) => {
    const { next } = english.warnings[code as keyof typeof english.warnings];
    expect(rows).toContain(rowOf([code, meaning, next ?? 'nothing']));
  });
});

describe.each(files)('the links of %s', (file) => {
  const links = [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);

  it('lead to what is there', async () => {
    const broken: string[] = [];
    for (const target of links.filter((link) => !/^https?:/.test(link))) {
      const [path, anchor] = target.split('#');
      const to = path === '' ? file : relative(root, join(root, dirname(file), path!));
      const isThere = await readFile(join(root, to)).then(
        () => true,
        () => false,
      );
      if (!isThere || (anchor !== undefined && !(texts.has(to) && anchorsOf(to).includes(anchor)))) broken.push(target);
    }
    expect(broken).toEqual([]);
  });
});

describe('the Portuguese README', () => {
  it('has the commands of the English one that begin a day', () => {
    const blocksOf = (file: string): string[] =>
      [...texts.get(file)!.matchAll(/^```(?:sh|sql)\n(.*?)^```$/gms)].map(([, block]) => block!.replaceAll(/ +# .*$/gm, ''));
    const english = blocksOf('README.md');
    const portuguese = blocksOf('README.pt-BR.md').filter((block) => block !== 'npx projetus health\n');
    // All but those of the benchmark, which is for developers.
    expect(portuguese).toEqual(english.filter((block) => !block.includes('npm run bench')));
  });
});
