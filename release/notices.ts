import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bundled } from './bundle.ts';

/** A package that comes with projetus wherever it is installed, beside it or as a part of it. */
export type Notice = { readonly name: string; readonly version: string; readonly licence: string; readonly text: string };

/** Where the notices are kept, below the root. */
export const noticesFile = 'THIRD-PARTY-NOTICES.md';

type Lock = { readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>> };

/**
 * The packages of the lock file that are given on, with the text of their licences, by name. Throws for
 * one without a text: whoever gives projetus on has to give that too.
 */
export async function productionNotices(root: string): Promise<readonly Notice[]> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const folders = Object.entries(lock.packages).flatMap(([folder, { dev, devOptional }]) =>
    folder === '' || ((dev || devOptional) && folder !== `node_modules/${bundled}`) ? [] : [join(root, folder)],
  );
  const notices = await Promise.all(folders.map(noticeOf));
  return notices.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
}

export function noticesText(notices: readonly Notice[]): string {
  const list = notices.map(({ name, version, licence }) => `- ${name} ${version}: ${licence}`);
  const texts = notices.map(({ name, version, text }) => `## ${name} ${version}\n\n${indented(text)}`);
  return [
    '# Third-party notices',
    'projetus is under the MIT licence (LICENSE). The packages that are installed with it or part of it are under licences of their own, which follow. This file is made by `npm run notices`.',
    list.join('\n'),
    ...texts,
    '',
  ].join('\n\n');
}

async function noticeOf(folder: string): Promise<Notice> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license: string;
  };
  const text = await licenceText(folder);
  if (text === null) throw new Error(`${name} ${version} (${license}) has no text of its licence in ${folder}`);
  return { name, version, licence: license, text };
}

/** The files for it (Apache's NOTICE too), else the end of the README, where some authors keep it. */
async function licenceText(folder: string): Promise<string | null> {
  const names = (await readdir(folder)).toSorted();
  const files = names.filter((name) => /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i.test(name));
  if (files.length > 0) return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('\n\n');
  const readme = names.find((name) => /^readme\.md$/i.test(name));
  if (readme === undefined) return null;
  return /^#+\s*licen[cs]e\s*$([\s\S]{200,})/im.exec(await readFile(join(folder, readme), 'utf8'))?.[1] ?? null;
}

/** As a block that no Markdown touches. */
function indented(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').trim().split('\n');
  return lines.map((line) => (line.trim() === '' ? '' : `    ${line.trimEnd()}`)).join('\n');
}
